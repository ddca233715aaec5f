/** A document as JSON. */
export type Document = string | Uint8Array;

export type Decision = "allow" | "review" | "deny";

/** A step is a member's name or an element's index. */
export type Path = (string | number)[];

/** A place in a text, lines and columns from 1, or in a JSON document (RFC 6901). */
export type Location =
  | { source: string; line: number; column: number }
  | { source: string; pointer: string };

/** One thing that a policy said. */
export interface Finding {
  id: string;
  policy: string;
  severity: "low" | "medium" | "high" | "critical";
  level: "advisory" | "mandatory";
  verdict: "fail" | "undetermined";
  message: string;
  resource?: string;
  path: Path;
  unknown: Path[];
  fix?: string;
  location: Location;
}

/** What is thrown: an input that cannot be read, or policies that cannot be compiled. */
export interface PlangateError extends Error {
  name: "PlangateError";
  kind: "syntax" | "shape" | "unsupported" | "policy" | "limit";
  /** A stable name, such as `plan.format_version`. */
  code: string;
  location?: Location;
  help?: string;
  others?: Omit<PlangateError, "name" | "others">[];
}
