use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct Settings {
    pub name: String,
    pub count: u32,
}

#[derive(thiserror::Error, Debug)]
pub enum Error {
    #[error("{0} is no name")]
    Name(String),
}

lazy_static::lazy_static! {
    static ref NAME: regex::Regex = regex::Regex::new("^[a-z]+$").unwrap();
}

pub fn parse(text: &str) -> anyhow::Result<Settings> {
    let settings: Settings = json::from_str(text)?;
    if !NAME.is_match(&settings.name) {
        return Err(Error::Name(settings.name).into());
    }
    Ok(settings)
}

/// Generic, so compiled into its users with this file's path in the panic message.
pub fn third<T: Copy>(values: &[T]) -> T {
    values[2]
}

pub const FILE: &str = file!();

#[cfg(test)]
mod tests {
    #[test]
    fn parses() {
        assert_eq!(super::parse(r#"{"name": "a", "count": 1}"#).unwrap().count, 1);
        assert!(tempfile::tempdir().unwrap().path().exists());
    }

    #[test]
    fn finds_its_manifest() {
        assert!(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).exists());
    }
}
