pub const VALUE: &str = env!("VALUE");
pub const DIRECTORY: &str = env!("DIRECTORY");
