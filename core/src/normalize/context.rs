//! Actor, stack, request, run and time: the small documents that callers write themselves.
