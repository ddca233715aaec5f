//! The stack that policies are compiled and run on, whoever calls.

use crate::error::Error;

/// Enough for all that [`Limits::EVALUATION_DEPTH`](crate::Limits::EVALUATION_DEPTH) lets through. Reserved; only what is touched costs memory.
#[cfg(not(target_arch = "wasm32"))]
const BYTES: usize = 256 << 20;

/// Does the work on a thread with a large stack, because threads of programs that link this have as little as 2 MiB.
///
/// # Errors
/// `engine.stack` where the process cannot start such a thread. Running on the caller's stack instead could end in an abort.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn roomy<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Error> {
    use crate::error::ErrorKind;
    use std::thread;

    let outcome = thread::scope(|scope| {
        let thread = thread::Builder::new().name("plangate".to_owned()).stack_size(BYTES);
        thread.spawn_scoped(scope, work).map(thread::ScopedJoinHandle::join)
    });
    match outcome {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(_) => Err(Error::new(
            ErrorKind::Limit,
            "engine.stack",
            format!("no thread with a stack of {} MiB could be started", BYTES >> 20),
        )
        .with_help("raise the limits on threads and address space of the process")),
    }
}

/// Does the work here: wasm has one stack. The linker of the bindings makes it large.
#[cfg(target_arch = "wasm32")]
#[allow(clippy::unnecessary_wraps, reason = "natively there may be no such thread")]
pub(crate) fn roomy<T>(work: impl FnOnce() -> T) -> Result<T, Error> {
    Ok(work())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_has_more_stack_than_its_caller() {
        fn deep(levels: usize) -> usize {
            let frame = std::hint::black_box([levels; 128]);
            if levels == 0 {
                0
            } else {
                deep(levels - 1) + frame.len() / 128
            }
        }
        // 64 MiB of frames, from a test's 2 MiB.
        assert_eq!(roomy(|| deep(64 << 10)), Ok(64 << 10));
    }

    #[test]
    fn panics_reach_the_caller() {
        let caught = std::panic::catch_unwind(|| roomy(|| -> u8 { panic!("a bug") }));
        assert!(caught.is_err());
    }
}
