//! Does every module import only what is listed before it (the table in `src/lib.rs`), and does everything above the
//! shells stay pure? Read from the source text: a small lexer, no macros expanded. Code under `#[cfg(test)]` is free.

#![expect(clippy::unwrap_used, reason = "a test that cannot read the sources fails")]

use std::fs;
use std::path::Path;

/// Modules in order. Engines stand side by side: they import what is before them, never each other.
const ORDER: &[&[&str]] = &[
    &["domain"],
    &["search"],
    &["flow"],
    &["network"],
    &["routing", "siting", "allocation", "districting"],
    &["planning::transit"],
    &["planning::joint"],
    &["planning::plan"],
    &["planning::project"],
    &["planning::synthetic"],
    &["planning::model"],
    &["planning::scenario"],
    &["planning::simulation"],
    &["planning::check"],
    &["planning::costs"],
    &["planning::evaluation"],
    &["planning::demand"],
    &["planning::observed"],
    &["planning::stops"],
    &["planning::lines"],
    &["planning::trips"],
    &["planning::commute"],
    &["planning::assignment"],
    &["planning::draft"],
    &["planning::timetable"],
    &["planning::vehicles"],
    &["planning::duties"],
    &["planning::parking"],
    &["planning::rest"],
    &["planning::grouping"],
    &["planning::rooms"],
    &["planning::bound"],
    &["planning::changes"],
    &["planning::improve"],
    &["planning::columns"],
    &["planning::first"],
    &["planning::warm"],
    &["planning::together"],
    &["planning::shares"],
    &["planning::explain"],
    &["planning::compare"],
    &["planning::replan"],
    &["planning::assemble"],
    &["planning::on_demand"],
    &["planning"],
    &["planning::frontier"],
    &["planning::sweep"],
    &["planning::baselines"],
    &["intake"],
    &["publish"],
    &["storage"],
    &["jobs"],
    &["api"],
    &["cli"],
    &["main"],
];

/// The judges: they share no code with what they judge.
const JUDGES: &[&str] = &["planning::check", "planning::simulation"];
/// All that a judge may import: one may ask the other.
const JUDGES_READ: &[&str] =
    &["domain", "search", "network", "planning::plan", "planning::project", "planning::simulation"];
/// Where files, clocks, terminals and async live.
const SHELLS: &[&str] = &["storage", "jobs", "api", "cli", "main"];

/// Public feeds and the riders' timetable know what was published, not pages: all they may import of `publish`.
const FEEDS: &[(&str, &[&str])] = &[
    ("riding", &["routes"]),
    ("gtfs", &["error", "riding", "routes"]),
    ("realtime", &["gtfs", "riding"]),
    ("calendar", &["riding", "routes"]),
];

#[test]
fn modules_import_only_what_is_before_them() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&source, &mut files);
    files.sort();
    assert!(files.len() > 10, "only {} source files found", files.len());
    let mut wrong = Vec::new();
    let mut free = Vec::new();
    for file in &files {
        let module = module_of(file.strip_prefix(&source).unwrap());
        for tests in test_modules(&fs::read_to_string(file).unwrap()) {
            free.push([module.clone(), vec![tests]].concat());
        }
    }
    for file in files {
        let module = module_of(file.strip_prefix(&source).unwrap());
        if free.iter().any(|tests| module.starts_with(tests)) {
            continue;
        }
        for violation in violations(&module, &fs::read_to_string(&file).unwrap()) {
            wrong.push(format!("{}: {violation}", file.strip_prefix(&source).unwrap().display()));
        }
    }
    assert!(wrong.is_empty(), "against the order of the modules:\n{}", wrong.join("\n"));
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// `planning/check/trips.rs` is `[planning, check, trips]`; `lib.rs` is `[]`.
fn module_of(file: &Path) -> Vec<String> {
    let mut path: Vec<String> =
        file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if path == ["lib"] {
        path.clear();
    }
    path
}

/// Everything in this file that goes against the order, as sentences.
fn violations(module: &[String], text: &str) -> Vec<String> {
    let tokens = without_tests(&tokens(text));
    let mut wrong = Vec::new();
    if module.is_empty() {
        return wrong; // lib.rs only lists the modules.
    }
    let own = unit(module);
    let stray = module.len() > 1 && module[0] == "planning" && own == "planning";
    let Some(own_rank) = rank(&own).filter(|_| !stray) else {
        return vec![format!("{} has no place in the order", module.join("::"))];
    };
    for path in paths(&tokens, module) {
        let (name, inside) = match path.split_first() {
            Some((head, rest)) if head == "crate" => (unit(rest), true),
            _ => (path.join("::"), false),
        };
        if inside {
            if name == own || name.is_empty() {
                continue;
            }
            match rank(&name) {
                None => wrong.push(format!("{own} imports {name}, which has no place in the order")),
                Some(other) if other >= own_rank => wrong.push(format!("{own} imports {name}, which is not before it")),
                Some(_) if JUDGES.contains(&own.as_str()) && !JUDGES_READ.contains(&name.as_str()) => {
                    wrong.push(format!("{own} is a judge and imports {name}"));
                }
                Some(_) => {}
            }
        }
    }
    wrong.extend(beyond_feeds(&tokens, module));
    if !SHELLS.contains(&own.as_str()) {
        wrong.extend(impure(&tokens, module).into_iter().map(|what| format!("{own} uses {what}")));
    }
    wrong
}

/// What a module of [`FEEDS`] imports of `publish` that it may not.
fn beyond_feeds(tokens: &[String], module: &[String]) -> Vec<String> {
    let [publish, own, ..] = module else { return Vec::new() };
    let Some((_, allowed)) = FEEDS.iter().find(|(name, _)| publish == "publish" && name == own) else {
        return Vec::new();
    };
    let imported = paths(tokens, module);
    let inner = imported.iter().filter_map(|path| match path.as_slice() {
        [here, publish, inner, ..] if here == "crate" && publish == "publish" => Some(inner),
        _ => None,
    });
    let strange = inner.filter(|inner| *inner != own && !allowed.contains(&inner.as_str()));
    strange.map(|inner| format!("publish::{own} is a feed and imports publish::{inner}")).collect()
}

/// The entry of [`ORDER`] a module path belongs to.
fn unit(path: &[String]) -> String {
    match path {
        [] => String::new(),
        [top, inner, ..] if top == "planning" => {
            let name = format!("planning::{inner}");
            // `crate::planning::make_plan` is planning.rs itself.
            if rank(&name).is_some() { name } else { "planning".to_owned() }
        }
        [top, ..] => top.clone(),
    }
}

fn rank(name: &str) -> Option<usize> {
    ORDER.iter().position(|tier| tier.contains(&name))
}

/// Async, clocks, the environment, files, the terminal.
fn impure(tokens: &[String], module: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let next = tokens.get(i + 1).map_or("", String::as_str);
        let before = i.checked_sub(1).map_or("", |i| tokens[i].as_str());
        match token.as_str() {
            "async" | "await" | "Instant" | "SystemTime" => found.push(token.clone()),
            "println" | "print" | "eprintln" | "eprint" | "dbg" if next == "!" => found.push(format!("{token}!")),
            "now" if before == "::" && next == "(" => found.push("a clock (now)".to_owned()),
            "stdin" | "stdout" | "stderr" if next == "(" => found.push(token.clone()),
            _ => {}
        }
    }
    for path in paths(tokens, module) {
        if let [std, part, ..] = path.as_slice()
            && (std == "std" || std == "tokio")
            && (std == "tokio" || ["env", "fs", "net", "process"].contains(&part.as_str()))
        {
            found.push(format!("{std}::{part}"));
        }
    }
    found
}

/// Words and signs, without comments, strings, characters, lifetimes and numbers; `::` is one sign.
fn tokens(text: &str) -> Vec<String> {
    let c: Vec<char> = text.chars().collect();
    let at = |i: usize| c.get(i).copied().unwrap_or('\0');
    let mut tokens = Vec::new();
    let mut i = 0;
    while i < c.len() {
        if at(i) == '/' && at(i + 1) == '/' {
            while i < c.len() && c[i] != '\n' {
                i += 1;
            }
        } else if at(i) == '/' && at(i + 1) == '*' {
            let mut depth = 0;
            while i < c.len() {
                if at(i) == '/' && at(i + 1) == '*' {
                    depth += 1;
                    i += 2;
                } else if at(i) == '*' && at(i + 1) == '/' {
                    depth -= 1;
                    i += 2;
                    if depth == 0 {
                        break;
                    }
                } else {
                    i += 1;
                }
            }
        } else if at(i) == '"' {
            i = end_of_string(&c, i);
        } else if at(i) == '\'' {
            // A character ends in a quote; a lifetime does not.
            if at(i + 1) == '\\' {
                i += 3;
                while i < c.len() && c[i] != '\'' {
                    i += 1;
                }
                i += 1;
            } else if at(i + 2) == '\'' {
                i += 3;
            } else {
                i += 1;
            }
        } else if c[i].is_alphabetic() || c[i] == '_' {
            let start = i;
            while i < c.len() && (c[i].is_alphanumeric() || c[i] == '_') {
                i += 1;
            }
            let word: String = c[start..i].iter().collect();
            if ["r", "br", "b", "c", "cr"].contains(&word.as_str()) && (at(i) == '"' || at(i) == '#') {
                let mut hashes = 0;
                while at(i + hashes) == '#' {
                    hashes += 1;
                }
                if at(i + hashes) == '"' {
                    if word.contains('r') {
                        i += hashes + 1;
                        while i < c.len() && !(c[i] == '"' && (1..=hashes).all(|n| at(i + n) == '#')) {
                            i += 1;
                        }
                        i += 1 + hashes;
                    } else {
                        i = end_of_string(&c, i);
                    }
                    continue;
                }
            }
            tokens.push(word);
        } else if at(i) == ':' && at(i + 1) == ':' {
            tokens.push("::".to_owned());
            i += 2;
        } else {
            if !c[i].is_whitespace() && !c[i].is_numeric() {
                tokens.push(c[i].to_string());
            }
            i += 1;
        }
    }
    tokens
}

/// The position after a string that opens at `i`.
fn end_of_string(c: &[char], mut i: usize) -> usize {
    i += 1;
    while i < c.len() && c[i] != '"' {
        i += if c[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

/// Leaves out what stands under `#[cfg(test)]`: up to the end of its first braces, or a semicolon before them.
fn without_tests(tokens: &[String]) -> Vec<String> {
    let mark = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if tokens[i..].iter().map(String::as_str).take(mark.len()).eq(mark) {
            i += mark.len();
            let mut depth = 0_i32;
            while i < tokens.len() {
                match tokens[i].as_str() {
                    "{" => depth += 1,
                    "}" => depth -= 1,
                    _ => {}
                }
                i += 1;
                if depth == 0 && (tokens[i - 1] == "}" || tokens[i - 1] == ";") {
                    break;
                }
            }
        } else {
            kept.push(tokens[i].clone());
            i += 1;
        }
    }
    kept
}

/// Names of modules in files of their own that are declared under `#[cfg(test)]`.
fn test_modules(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let mark = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    tokens
        .windows(mark.len() + 2)
        .filter(|window| window.iter().map(String::as_str).take(mark.len()).eq(mark) && window[mark.len() + 1] == ";")
        .map(|window| window[mark.len()].clone())
        .collect()
}

/// All paths that begin with `crate`, `super`, `self` or `std`, groups spread out, `super` resolved; those inside the
/// crate begin with "crate".
fn paths(tokens: &[String], module: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    // Names of inline modules and the depth of braces at which each ends.
    let mut inline: Vec<(String, usize)> = Vec::new();
    let mut depth = 0;
    let mut i = 0;
    while i < tokens.len() {
        // `pub(in crate::planning)` says who may see, not what is imported.
        let starts = i == 0 || (tokens[i - 1] != "::" && !(tokens[i - 1] == "in" && i >= 2 && tokens[i - 2] == "("));
        match tokens[i].as_str() {
            "{" => {
                depth += 1;
                if i >= 2 && tokens[i - 2] == "mod" {
                    inline.push((tokens[i - 1].clone(), depth));
                }
            }
            "}" => {
                if inline.last().is_some_and(|(_, at)| *at == depth) {
                    inline.pop();
                }
                depth = usize::saturating_sub(depth, 1);
            }
            "crate" | "super" | "self" | "std" | "tokio"
                if starts && tokens.get(i + 1).is_some_and(|next| next == "::") =>
            {
                let mut here: Vec<String> = vec!["crate".to_owned()];
                here.extend(module.iter().cloned());
                here.extend(inline.iter().map(|(name, _)| name.clone()));
                let mut trees = Vec::new();
                i = tree(tokens, i, &[], &mut trees);
                found.extend(trees.into_iter().map(|path| resolve(&path, &here)));
                continue;
            }
            // `use {crate::a, crate::b};` and the groups of `tree` need nothing more.
            _ => {}
        }
        i += 1;
    }
    found
}

/// Reads a use tree at `i`; pushes every full path; returns the position after it.
fn tree(tokens: &[String], mut i: usize, prefix: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = prefix.to_vec();
    loop {
        let Some(token) = tokens.get(i) else {
            found.push(path);
            return i;
        };
        if token == "{" {
            i += 1;
            while i < tokens.len() && tokens[i] != "}" {
                if tokens[i] == "," {
                    i += 1;
                } else {
                    let before = i;
                    i = tree(tokens, i, &path, found);
                    if i == before {
                        i += 1;
                    }
                }
            }
            return i + 1;
        }
        let word = token.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !word {
            found.push(path); // `*`, or `<` of a turbofish
            return if token == "*" { i + 1 } else { i };
        }
        path.push(token.clone());
        i += 1;
        if tokens.get(i).is_some_and(|next| next == "::") {
            i += 1;
        } else {
            found.push(path);
            // `use a::b as c` inside a group
            if tokens.get(i).is_some_and(|next| next == "as") {
                i += 2;
            }
            return i;
        }
    }
}

fn resolve(path: &[String], here: &[String]) -> Vec<String> {
    match path.first().map(String::as_str) {
        Some("self" | "super") => {
            let mut full = here.to_vec();
            let mut rest = path;
            while let Some(first) = rest.first() {
                match first.as_str() {
                    "self" => {}
                    "super" if full.len() > 1 => {
                        full.pop();
                    }
                    _ => break,
                }
                rest = &rest[1..];
            }
            full.extend(rest.iter().cloned());
            full
        }
        _ => path.to_vec(),
    }
}

#[cfg(test)]
mod planted {
    use super::*;

    fn found(module: &str, text: &str) -> Vec<String> {
        let module: Vec<String> = module.split("::").map(str::to_owned).collect();
        violations(&module, text)
    }

    #[test]
    fn what_is_before_may_be_imported() {
        let good =
            "use crate::domain::units::Fen;\nuse super::plan::Plan;\nuse crate::network::{Network, profile::Band};";
        assert_eq!(found("planning::check", good), Vec::<String>::new());
        assert_eq!(found("planning::check::trips", "use super::Report; use super::super::plan::Plan;"), [""; 0]);
        assert_eq!(found("planning", "use plan::Plan; use crate::planning::improve::x; use self::costs::y;"), [""; 0]);
        assert_eq!(found("publish::gtfs", "use crate::planning::plan::Plan; use crate::planning::make_plan;"), [""; 0]);
        assert_eq!(found("planning::parking::week", "pub(in crate::planning) fn f() {}"), [""; 0]);
        assert_eq!(found("cli::plan", "use std::fs; fn f() { println!(\"\"); let t = Instant::now(); }"), [""; 0]);
    }

    #[test]
    fn a_use_of_what_comes_later_is_named() {
        assert_eq!(
            found("network::index", "use crate::planning::plan::Plan;"),
            ["network imports planning::plan, which is not before it"]
        );
        assert_eq!(found("planning::stops", "use super::lines::Line;").len(), 1);
        assert_eq!(found("planning::stops", "fn f() { super::super::publish::phrases::phrase(); }").len(), 1);
        assert_eq!(found("planning::stops::choose", "use super::super::lines::Line;").len(), 1);
        assert_eq!(found("intake", "pub(crate) use crate::{domain::units, publish::{phrases, gtfs}};").len(), 2);
        assert_eq!(found("intake", "const X: crate::cli::Y = 1;").len(), 1);
        assert_eq!(found("planning::plan", "use crate::planning::make_plan;").len(), 1);
        assert_eq!(found("domain::units", "fn f() -> crate::search::Run<'static> {}").len(), 1);
    }

    #[test]
    fn engines_do_not_import_each_other() {
        assert_eq!(
            found("siting::swap", "use crate::routing::Tour;"),
            ["siting imports routing, which is not before it"]
        );
        assert_eq!(found("routing", "use crate::flow::Flow; use crate::search::Run;"), [""; 0]);
    }

    #[test]
    fn judges_share_no_code_with_the_stages() {
        assert_eq!(
            found("planning::check", "use super::model::Model;"),
            ["planning::check is a judge and imports planning::model"]
        );
        assert_eq!(found("planning::simulation", "use crate::planning::check::options;").len(), 1);
        assert_eq!(found("planning::check::riders", "use crate::flow::Flow;").len(), 1);
        assert_eq!(found("planning::check::riders", "use crate::planning::evaluation::judge;").len(), 1);
    }

    #[test]
    fn feeds_know_no_pages() {
        assert_eq!(
            found("publish::riding::index", "use crate::publish::pages::dates;"),
            ["publish::riding is a feed and imports publish::pages"]
        );
        assert_eq!(found("publish::riding", "use super::gtfs::zip;").len(), 1);
        assert_eq!(found("publish::calendar::event", "use super::text::Text; use crate::publish::routes;"), [""; 0]);
        assert_eq!(found("publish::board", "use super::pages::dates;"), [""; 0]);
    }

    #[test]
    fn a_module_without_a_place_is_named() {
        assert_eq!(found("telemetry", ""), ["telemetry has no place in the order"]);
        assert_eq!(found("planning::magic", ""), ["planning::magic has no place in the order"]);
        assert_eq!(found("publish", "use crate::telemetry::log;").len(), 1);
    }

    #[test]
    fn files_clocks_and_terminals_stay_in_the_shells() {
        for text in [
            "use std::fs::File;",
            "use std::{collections::BTreeMap, env};",
            "fn f() { std::env::var(\"X\"); }",
            "use std::time::Instant;",
            "use std::time::{Duration, SystemTime};",
            "async fn f() {}",
            "fn f() { println!(\"x\"); }",
            "fn f() { let t = jiff::Zoned::now(); }",
            "use tokio::task;",
            "fn f() { std::process::exit(1); }",
        ] {
            assert_eq!(found("planning::lines", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn comments_strings_and_tests_do_not_count() {
        let text = r###"
            //! crate::cli is not for us
            /* use crate::cli; /* nested */ async */
            fn f<'a>(x: &'a str) -> char { let s = "crate::cli \" println!"; let r = r#"crate::cli "quoted""#; '\'' }
            #[cfg(test)]
            mod tests {
                use crate::cli::run;
                fn g() { println!("{}", '{'); }
            }
        "###;
        assert_eq!(found("domain", text), [""; 0]);
        // What follows the tests counts again.
        assert_eq!(found("domain", &format!("{text} use crate::cli;")).len(), 1);
    }

    #[test]
    fn only_a_file_declared_for_tests_is_free() {
        assert_eq!(test_modules("mod work; #[cfg(test)] mod tests; #[cfg(test)] mod inline { }"), ["tests"]);
        assert_eq!(test_modules("mod tests; #[cfg(not(test))] mod other;"), [""; 0]);
    }

    #[test]
    fn inline_modules_count_for_super() {
        assert_eq!(found("flow", "mod inner { use super::super::network::Network; }").len(), 1);
        assert_eq!(found("flow", "mod inner { use super::Flow; } use super::domain::units;"), [""; 0]);
    }
}
