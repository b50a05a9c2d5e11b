//! What the READMEs link to is there, and both say the same commands.

#![expect(clippy::unwrap_used, reason = "a test that cannot read the README has failed")]

use std::fs;
use std::path::Path;

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn linked_files_exist() {
    for name in ["README.md", "README.zh.md"] {
        let readme = text(name);
        let links: Vec<&str> = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        let files: Vec<&&str> = links.iter().filter(|link| !link.contains("://")).collect();
        assert!(files.len() >= 2, "{name} links to {files:?} only");
        for file in files {
            assert!(
                Path::new(env!("CARGO_MANIFEST_DIR")).join(file).exists(),
                "{name} links to {file}, which is not there"
            );
        }
    }
}

#[test]
fn both_languages_show_the_same_commands() {
    let commands = |name: &str| -> Vec<String> {
        text(name).lines().map(str::trim).filter(|line| line.starts_with("cargo ")).map(str::to_owned).collect()
    };
    assert_eq!(commands("README.md"), commands("README.zh.md"));
    assert!(commands("README.md").len() >= 5);
}
