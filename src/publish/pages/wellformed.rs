//! A small check that a page is whole: tags balance, attributes are quoted, nothing from elsewhere is asked for.

/// Elements of HTML without an end tag.
const VOID: [&str; 5] = ["meta", "input", "br", "link", "img"];

/// What is wrong with a page; `None` when nothing is. Addresses may only begin with one of `allowed`.
pub(crate) fn fault(page: &str, allowed: &[&str]) -> Option<String> {
    let mut open: Vec<String> = Vec::new();
    let mut rest = page.strip_prefix("<!DOCTYPE html>")?;
    while let Some(start) = rest.find('<') {
        if let Some(entity) = bad_entity(&rest[..start]) {
            return Some(format!("entity {entity}"));
        }
        let Some(length) = rest[start..].find('>') else { return Some("a tag without an end".into()) };
        let tag = &rest[start + 1..start + length];
        rest = &rest[start + length + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            match open.pop() {
                Some(last) if last == name => {}
                last => {
                    return Some(format!(
                        "</{name}> closes {last:?}, before {}",
                        rest.chars().take(80).collect::<String>()
                    ));
                }
            }
            continue;
        }
        if tag.matches('"').count() % 2 != 0 {
            return Some(format!("quotes in <{tag}>"));
        }
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
        if name.is_empty() {
            return Some(format!("<{tag}>"));
        }
        // Words between quotes are no handlers.
        let handles = tag.split('"').step_by(2).any(|outside| outside.contains(" on"));
        if ["script", "link", "iframe", "img", "object"].contains(&name.as_str()) || handles {
            return Some(format!("<{tag}> does not belong on a page of ours"));
        }
        if !tag.ends_with('/') && !VOID.contains(&name.as_str()) {
            open.push(name.clone());
        }
        if name == "style" {
            let Some(end) = rest.find("</style>") else { return Some("a style without an end".into()) };
            if rest[..end].contains("url(") || rest[..end].contains("@import") {
                return Some("style asks for a file".into());
            }
            rest = &rest[end..];
        }
    }
    if let Some(left) = open.last() {
        return Some(format!("<{left}> is never closed"));
    }
    for (at, _) in page.match_indices("http") {
        if !allowed.iter().any(|start| page[at..].starts_with(start)) {
            return Some(format!("asks for {}", page[at..].chars().take(60).collect::<String>()));
        }
    }
    page.match_indices("href=\"")
        .map(|(at, _)| &page[at + 6..])
        .find(|href| !href.starts_with('#'))
        .map(|href| format!("href {}", href.chars().take(40).collect::<String>()))
}

fn bad_entity(text: &str) -> Option<String> {
    text.match_indices('&').map(|(at, _)| &text[at..]).find_map(|entity| {
        let known = ["&amp;", "&lt;", "&gt;", "&quot;", "&#"].iter().any(|known| entity.starts_with(known));
        (!known).then(|| entity.chars().take(12).collect())
    })
}

#[test]
fn the_check_itself_finds_faults() {
    let page = |body: &str| format!("<!DOCTYPE html><html><body>{body}</body></html>");
    assert_eq!(fault(&page("<p>a</p><br>"), &[]), None);
    assert!(fault(&page("<p>a"), &[]).is_some());
    assert!(fault(&page("<p>a & b</p>"), &[]).is_some());
    assert!(fault(&page("<script>1</script>"), &[]).is_some());
    assert!(fault(&page("<p>http://elsewhere</p>"), &["https://example.org"]).is_some());
    assert!(fault(&page("<a href=\"x.html\">x</a>"), &[]).is_some());
}
