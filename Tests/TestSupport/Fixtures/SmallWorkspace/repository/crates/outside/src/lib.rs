//! Includes a file that lies outside its package.

pub const NOTICE: &str = include_str!("../../../notice.txt");
