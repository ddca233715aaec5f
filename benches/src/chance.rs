//! Numbers that look random and are the same in every run.

use std::fmt::Write;

/// xorshift64, which is enough for plans that look real and nothing else.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// A sequence of its own for each seed that is not zero.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number from 0 up to and without `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// True so many times in a hundred.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these, each as often as its weight says.
    pub(crate) fn weighted<T: Copy>(&mut self, items: &[(u64, T)], otherwise: T) -> T {
        let mut left = self.below(items.iter().map(|(weight, _)| weight).sum());
        for (weight, item) in items {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        otherwise
    }

    /// One of these words.
    pub(crate) fn word(&mut self, words: &[&'static str]) -> &'static str {
        let at = usize::try_from(self.next() % 1024).unwrap_or(0) % words.len().max(1);
        words.get(at).copied().unwrap_or("")
    }

    /// So many hexadecimal digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        let mut text = String::new();
        while text.len() < digits {
            // Writing to a String cannot fail.
            let _ = write!(text, "{:016x}", self.next());
        }
        text.truncate(digits);
        text
    }

    /// A private network of 256 addresses, or one time in twenty the whole internet.
    pub(crate) fn cidr(&mut self) -> String {
        if self.percent(5) {
            return "0.0.0.0/0".to_owned();
        }
        format!("10.{}.{}.0/24", self.below(256), self.below(256))
    }
}
