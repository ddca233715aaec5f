//! `plangate schema`: the JSON Schemas of the document and the report.

use crate::arguments::Document;
use crate::exit::Exit;
use crate::output;
use crate::problem::Problems;

pub(crate) fn run(document: Document) -> Result<Exit, Problems> {
    output::print(match document {
        Document::Input => plangate::schema::INPUT.as_bytes(),
        Document::Report => plangate::schema::REPORT.as_bytes(),
    })
}
