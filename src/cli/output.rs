//! Writing: a plan folder is replaced whole or not at all, a file too. Nothing that is not ours is ever removed.
//!
//! The new folder is written and synced beside the old one, then they change names. A crash between the two renames leaves
//! both, complete, under hidden names beside the place; before and after it, the place holds a whole plan folder.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Failure;
use super::console::Console;
use crate::publish::folder::NAMES;

/// What systems put into folders by themselves.
const LITTER: [&str; 4] = [".DS_Store", "Thumbs.db", "desktop.ini", "Desktop.ini"];

/// The place of a plan folder, looked at before the search begins: better refused now than after an hour.
#[derive(Debug)]
pub(super) struct Place {
    /// Absolute, links followed.
    path: PathBuf,
}

impl Place {
    /// Refuses the project folder and what holds it, and anything that is there and is no plan folder.
    pub(super) fn new(out: &Path, project: &Path, console: &Console) -> Result<Self, Failure> {
        let say = |key: &str, what: &str| {
            let args = [("path", out.display().to_string().into()), ("what", what.into())];
            Failure::misuse(console.say(key, &args))
        };
        let path = absolute(out).map_err(|error| say("cli-out-impossible", &console.reason(&error)))?;
        let project = absolute(project).map_err(|error| say("cli-out-impossible", &console.reason(&error)))?;
        if project.starts_with(&path) {
            return Err(say("cli-out-is-project", ""));
        }
        let place = Self { path };
        place.replaceable(console).map_err(|(key, what)| say(key, &what))?;
        Ok(place)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Nothing there, an empty folder, or a plan folder and nothing else; else the phrase for it and what is in the way.
    fn replaceable(&self, console: &Console) -> Result<(), (&'static str, String)> {
        let other = |what: String| ("cli-out-is-other", what);
        let refused = |error: &io::Error| ("cli-out-impossible", console.reason(error));
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(refused(&error)),
        };
        let (mut any, mut plan) = (false, false);
        for entry in entries {
            let entry = entry.map_err(|error| refused(&error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if LITTER.contains(&name.as_str()) {
                continue;
            }
            if !NAMES.contains(&name.as_str()) || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
                return Err(other(name));
            }
            any = true;
            plan |= name == "plan.json";
        }
        if any && !plan { Err(other("plan.json?".to_owned())) } else { Ok(()) }
    }

    /// Writes the files and puts them in place.
    pub(super) fn write(&self, files: &[(String, Vec<u8>)], console: &Console) -> Result<(), Failure> {
        let say = |key: &str, what: &str| {
            let args = [("path", self.path.display().to_string().into()), ("what", what.into())];
            Failure::failed(console.say(key, &args))
        };
        // Somebody may have put something there while we searched.
        self.replaceable(console).map_err(|(key, what)| say(key, &what))?;
        self.replace(files).map_err(|error| say("cli-out-failed", &console.reason(&error)))
    }

    fn replace(&self, files: &[(String, Vec<u8>)]) -> io::Result<()> {
        let parent = self.path.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(parent)?;
        let new = Beside::create(&self.path, "new")?;
        for (name, bytes) in files {
            let mut file = File::create_new(new.0.join(name))?;
            file.write_all(bytes)?;
            file.sync_all()?;
        }
        sync_folder(&new.0)?;
        if self.path.exists() {
            let old = Beside::create(&self.path, "old")?;
            // A folder can take the name of an empty one.
            let kept = old.0.join("plan");
            fs::rename(&self.path, &kept)?;
            if let Err(error) = fs::rename(&new.0, &self.path) {
                if fs::rename(&kept, &self.path).is_err() {
                    // The only copy of the plan before: it must outlive this program.
                    let place = old.0.clone();
                    std::mem::forget(old);
                    return Err(io::Error::new(
                        error.kind(),
                        format!("{error} (the plan before is kept in {})", place.display()),
                    ));
                }
                return Err(error);
            }
        } else {
            fs::rename(&new.0, &self.path)?;
        }
        sync_folder(parent)
    }
}

/// A hidden folder beside a path, removed when dropped unless it has been renamed.
struct Beside(PathBuf);

impl Beside {
    fn create(path: &Path, what: &str) -> io::Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        for number in 0..1000 {
            let beside = path.with_file_name(format!(".{name}.{what}-{}-{number}", std::process::id()));
            match fs::create_dir(&beside) {
                Ok(()) => return Ok(Self(beside)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Gone already if it took the place; nobody is helped by an error here.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A file, whole or not at all.
pub(super) fn file(path: &Path, bytes: &[u8], console: &Console) -> Result<(), Failure> {
    let write = || -> io::Result<()> {
        let path = absolute(path)?;
        let parent = path.parent().unwrap_or(Path::new("/"));
        let mut file = tempfile::NamedTempFile::new_in(parent)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        let file = file.persist(&path).map_err(|error| error.error)?;
        readable(&file)?;
        sync_folder(parent)
    };
    write().map_err(|error| {
        let args = [("path", path.display().to_string().into()), ("what", console.reason(&error).into())];
        Failure::failed(console.say("cli-out-failed", &args))
    })
}

/// Files into a folder of any kind, made if need be; each whole or not at all, what else is there stays.
pub(super) fn within(folder: &Path, files: &[(String, Vec<u8>)], console: &Console) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| {
        let args = [("path", folder.display().to_string().into()), ("what", console.reason(&error).into())];
        Failure::failed(console.say("cli-out-failed", &args))
    })?;
    files.iter().try_for_each(|(name, bytes)| file(&folder.join(name), bytes, console))
}

/// Temporary files are the user's alone; what is meant to be read is not.
#[cfg(unix)]
fn readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}
#[cfg(not(unix))]
fn readable(_: &File) -> io::Result<()> {
    Ok(())
}

/// Makes names durable, where folders can be opened.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

/// Absolute, with links of what exists followed; what does not exist yet keeps its name.
fn absolute(path: &Path) -> io::Result<PathBuf> {
    if let Ok(real) = path.canonicalize() {
        return Ok(real);
    }
    let path = std::path::absolute(path)?;
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => Ok(absolute(parent)?.join(name)),
        // "..": of something that does not exist.
        _ => Err(io::ErrorKind::InvalidInput.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::phrases::Language;

    fn place(out: &Path, project: &Path) -> Result<Place, Failure> {
        Place::new(out, project, &Console::new(Language::En))
    }

    fn plan(text: &str) -> Vec<(String, Vec<u8>)> {
        vec![("plan.json".to_owned(), text.as_bytes().to_vec()), ("gtfs.zip".to_owned(), vec![1])]
    }

    #[test]
    fn a_plan_folder_is_replaced_whole() {
        let home = tempfile::tempdir().unwrap();
        let project = home.path().join("project");
        fs::create_dir(&project).unwrap();
        let out = home.path().join("deep/er/out");
        let console = Console::new(Language::En);
        place(&out, &project).unwrap().write(&plan("1"), &console).unwrap();
        fs::write(out.join("report.html"), "old").unwrap();
        place(&out, &project).unwrap().write(&plan("2"), &console).unwrap();
        assert_eq!(fs::read_to_string(out.join("plan.json")).unwrap(), "2");
        assert!(!out.join("report.html").exists());
        // Nothing is left beside it.
        assert_eq!(fs::read_dir(out.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn nothing_else_is_ever_replaced() {
        let home = tempfile::tempdir().unwrap();
        let project = home.path().join("project");
        fs::create_dir(&project).unwrap();
        fs::write(project.join("project.toml"), "").unwrap();
        let refused = |out: &Path| place(out, &project).is_err_and(|failure| failure.code == 2);
        assert!(refused(&project));
        assert!(refused(&project.join("../project/.")));
        assert!(refused(home.path()));
        // A folder with something of the user's, a folder without a plan, a file.
        let other = home.path().join("other");
        fs::create_dir(&other).unwrap();
        assert!(!refused(&other));
        fs::write(other.join("report.html"), "").unwrap();
        assert!(refused(&other));
        fs::write(other.join("plan.json"), "").unwrap();
        assert!(!refused(&other));
        fs::write(other.join("notes.txt"), "").unwrap();
        assert!(refused(&other));
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(refused(&file));
    }

    #[test]
    fn what_came_in_between_is_kept() {
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        let place = place(&out, &home.path().join("project")).unwrap();
        fs::create_dir(&out).unwrap();
        fs::write(out.join("mine.txt"), "mine").unwrap();
        assert!(place.write(&plan("1"), &Console::new(Language::En)).is_err());
        assert_eq!(fs::read_to_string(out.join("mine.txt")).unwrap(), "mine");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_project_is_the_project() {
        let home = tempfile::tempdir().unwrap();
        let project = home.path().join("project");
        fs::create_dir(&project).unwrap();
        let link = home.path().join("link");
        std::os::unix::fs::symlink(&project, &link).unwrap();
        assert_eq!(place(&link, &project).unwrap_err().code, 2);
    }
}
