//! Whom a chat message mentions: `@user_name` of a member, or `@everyone`, outside of code.

use mesh_protocol::id::UserId;

/// Whom a text mentions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Members, in the order of their first mention.
    pub users: Vec<UserId>,
    /// Whether everybody is meant.
    pub everyone: bool,
}

/// The word after `@` that means all members.
pub const EVERYONE: &str = "everyone";

/// Finds the mentions in a text. `members` are the people that can be mentioned, with their user names.
pub fn parse(text: &str, members: &[(UserId, &str)]) -> Mentions {
    let mut mentions = Mentions::default();
    for piece in outside_code(text) {
        let mut before: Option<char> = None;
        for (index, c) in piece.char_indices() {
            // An address like `a@b` mentions nobody.
            if c == '@' && before.is_none_or(|c| !is_name_char(c)) {
                note(&mut mentions, name_at(&piece[index + 1..]), members);
            }
            before = Some(c);
        }
    }
    mentions
}

fn note(mentions: &mut Mentions, name: &str, members: &[(UserId, &str)]) {
    // A sentence may end right behind a name, and a name can't end in a dot.
    let name = name.trim_end_matches(['.', '-', '_']);
    if name.eq_ignore_ascii_case(EVERYONE) {
        mentions.everyone = true;
    } else if let Some((user, _)) = members.iter().find(|(_, member)| member.eq_ignore_ascii_case(name))
        && !mentions.users.contains(user)
    {
        mentions.users.push(*user);
    }
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-')
}

fn name_at(rest: &str) -> &str {
    rest.split(|c: char| !is_name_char(c)).next().unwrap_or_default()
}

/// The parts of a text that are neither in a fenced block nor between backticks.
fn outside_code(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut in_fence = false;
    for line in text.split('\n') {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        } else if !in_fence {
            pieces.extend(outside_spans(line));
        }
    }
    pieces
}

/// The parts of a line outside of code spans: a run of backticks up to the next run of the same length.
fn outside_spans(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let run = rest[start..].bytes().take_while(|byte| *byte == b'`').count();
        let inside = &rest[start + run..];
        match closing_run(inside, run) {
            Some(end) => {
                pieces.push(&rest[..start]);
                rest = &inside[end + run..];
            }
            None => {
                pieces.push(&rest[..start]);
                rest = inside;
            }
        }
    }
    pieces.push(rest);
    pieces
}

fn closing_run(text: &str, length: usize) -> Option<usize> {
    let mut from = 0;
    while let Some(start) = text[from..].find('`').map(|offset| from + offset) {
        let run = text[start..].bytes().take_while(|byte| *byte == b'`').count();
        if run == length {
            return Some(start);
        }
        from = start + run;
    }
    None
}
