//! What a newcomer's files are answered with on the terminal: which exit code, which words, and all of it on request.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is to be seen at once")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/gonghexin");

/// Exit code, standard output, standard error.
fn jiebo(here: &Path, args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_jiebo")).args(args).current_dir(here).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A copy of the demonstration's root files.
fn copy(home: &Path) -> PathBuf {
    let folder = home.join("park");
    fs::create_dir(&folder).unwrap();
    for entry in fs::read_dir(DEMO).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    folder
}

#[test]
fn a_missing_file_and_a_workbook_that_is_none_are_unreadable() {
    let home = tempfile::tempdir().unwrap();
    let folder = copy(home.path());
    let plan = || jiebo(home.path(), &["--lang", "zh", "plan", "park", "--iterations", "1"]);
    fs::remove_file(folder.join("fleet.csv")).unwrap();
    let (code, _, said) = plan();
    assert_eq!(code, 3, "{said}");
    assert!(
        said.contains("fleet.csv：项目文件夹里没有这个文件") && said.contains("缺少或无法读取：fleet.csv"),
        "{said}"
    );
    // Text, rubbish and nothing under the name of a workbook: never read as CSV.
    for (bytes, words) in [
        (&b"type,seats\nbus,19\n"[..], "内容却不是工作簿"),
        (&[0xff, 0x00, 0x9c, 0x3d, 0x81][..], "内容却不是工作簿"),
        (&b""[..], "文件是空的"),
    ] {
        fs::write(folder.join("fleet.xlsx"), bytes).unwrap();
        let (code, _, said) = plan();
        assert_eq!(code, 3, "{said}");
        assert!(said.contains("fleet.xlsx：") && said.contains(words), "{said}");
    }
    assert!(!home.path().join("gonghexin-plan").exists());
}

#[test]
fn the_normal_form_of_roads_says_what_it_has_no_room_for() {
    let home = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let extracts = ["..", "../.."].map(|up| root.join(up).join("shared/osm/shanghai_center.osm.pbf"));
    let Some(extract) = extracts.iter().find(|path| path.exists()) else {
        println!("skipped: no shanghai_center.osm.pbf");
        return;
    };
    let import = |from: &str| jiebo(home.path(), &["--lang", "en", "import", "roads", from, "-o", "roads.geojson"]);
    let (code, out, said) = import(&extract.display().to_string());
    assert!(code == 0 && format!("{out}{said}").contains("traffic lights and"), "{out}{said}");
    // Lines drawn by hand have none to lose.
    fs::rename(home.path().join("roads.geojson"), home.path().join("drawn.geojson")).unwrap();
    let (code, out, said) = import("drawn.geojson");
    assert!(code == 0 && !format!("{out}{said}").contains("traffic lights and"), "{out}{said}");
}

#[test]
fn import_tells_unreadable_from_wrong() {
    let home = tempfile::tempdir().unwrap();
    let import = |name: &str, bytes: &[u8]| {
        fs::write(home.path().join(name), bytes).unwrap();
        let (code, out, said) = jiebo(home.path(), &["import", "survey", name, "-o", "clean.csv"]);
        assert!(out.contains(name) || code == 0, "{out}{said}");
        code
    };
    assert_eq!(import("a.xlsx", b"origin,destination,time\n"), 3);
    assert_eq!(import("b.xlsx", b""), 3);
    assert_eq!(import("c.csv", b""), 3);
    assert_eq!(import("d.xlsx", &[0xd0, 0xcf, 0x11, 0xe0, 1, 2, 3]), 3);
    assert_eq!(import("e.csv", b"origin,destination\na,b\n"), 1);
    // Of a file with errors nothing is written.
    assert!(!home.path().join("clean.csv").exists());
    assert_eq!(import("f.csv", b"origin,destination,time,time_kind\na,b,8:30,arrive_by\n"), 0);
    assert!(home.path().join("clean.csv").exists());
}

#[test]
fn import_prints_all_and_plan_says_so() {
    let home = tempfile::tempdir().unwrap();
    let folder = copy(home.path());
    let survey = folder.join("survey.csv");
    let mut text = fs::read_to_string(&survey).unwrap();
    // 400 answers at no time: more than a project keeps of one kind.
    for row in 0..400 {
        text.push_str(&format!("zz{row},,延长路,灵石园区,later,arrive_by,Mon-Fri,,,yes,no,,,\n"));
    }
    fs::write(&survey, text).unwrap();
    // A slip elsewhere, so that nothing is searched for: only what is said matters here.
    let settings = folder.join("project.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, text.replace("per_day = 2700", "per_dya = 2700")).unwrap();
    let times = |said: &str| said.lines().filter(|line| line.contains("is no time")).count();
    let (_, out, _) = jiebo(home.path(), &["--lang", "en", "import", "survey", "park/survey.csv"]);
    assert!(times(&out) >= 400, "{}", times(&out));
    let plan = ["--lang", "en", "plan", "park", "--iterations", "1"];
    let (code, _, said) = jiebo(home.path(), &plan);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("did you mean per_day?"), "{said}");
    assert_eq!(times(&said), 5, "{said}");
    let hint = "(jiebo import survey park/survey.csv --sites park shows all)";
    assert!(said.contains(hint), "{said}");
    let (_, _, said) = jiebo(home.path(), &[&plan[..], &["--all-findings"]].concat());
    assert!(times(&said) >= 300, "{}", times(&said));
    assert!(!said.contains("shows all"), "{said}");
}

#[cfg(unix)]
#[test]
fn what_the_system_says_is_said_in_the_users_language() {
    let home = tempfile::tempdir().unwrap();
    let said = |args: &[&str]| {
        let (code, _, said) = jiebo(home.path(), &[&["--lang", "zh"], args].concat());
        assert_eq!(code, 3, "{said}");
        assert!(!said.contains("os error"), "{said}");
        said
    };
    fs::write(home.path().join("file"), "x").unwrap();
    assert!(said(&["plan", "nowhere"]).contains("没有这个文件或文件夹"));
    assert!(said(&["plan", "file"]).contains("不是文件夹"));
    assert!(said(&["import", "survey", "nowhere.csv"]).contains("没有这个文件或文件夹"));
    assert!(said(&["import", "survey", "."]).contains("这是文件夹，不是文件"));
}
