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

/// The parts of a text that are neither in a fenced block nor between backticks. Blocks and spans are those of
/// CommonMark: a fence is three or more backticks or tildes, a span ends at the latest with its paragraph.
fn outside_code(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut fence: Option<Fence> = None;
    let mut paragraph: Option<usize> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_text = match (&fence, Fence::of(line)) {
            (Some(open), Some(close)) if open.is_closed_by(&close) => {
                fence = None;
                false
            }
            (Some(_), _) => false,
            (None, Some(open)) if open.can_open => {
                fence = Some(open);
                false
            }
            (None, _) => !line.trim().is_empty(),
        };
        if is_text {
            paragraph.get_or_insert(at);
        } else if let Some(start) = paragraph.take() {
            pieces.extend(outside_spans(&text[start..at]));
        }
        at += line.len();
    }
    pieces.extend(paragraph.into_iter().flat_map(|start| outside_spans(&text[start..])));
    pieces
}

/// A line that may begin or end a fenced block.
struct Fence {
    mark: char,
    length: usize,
    /// Backticks behind the fence make it a span, not a block.
    can_open: bool,
    /// Nothing but the fence is on the line.
    can_close: bool,
}

impl Fence {
    fn of(line: &str) -> Option<Self> {
        let line = line.trim();
        let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let behind = line.trim_start_matches(mark);
        let length = line.len() - behind.len();
        let can_open = mark == '~' || !behind.contains('`');
        (length >= 3).then_some(Self { mark, length, can_open, can_close: behind.is_empty() })
    }

    fn is_closed_by(&self, other: &Self) -> bool {
        other.can_close && other.mark == self.mark && other.length >= self.length
    }
}

/// The parts of a paragraph outside of code spans: a run of backticks up to the next run of the same length.
fn outside_spans(paragraph: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = paragraph;
    while let Some(start) = rest.find('`') {
        let run = rest[start..].bytes().take_while(|byte| *byte == b'`').count();
        let inside = &rest[start + run..];
        pieces.push(&rest[..start]);
        rest = closing_run(inside, run).map_or(inside, |end| &inside[end + run..]);
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANNA: UserId = UserId(1);
    const BEN: UserId = UserId(2);
    const MEMBERS: [(UserId, &str); 3] = [(ANNA, "anna"), (BEN, "ben"), (UserId(3), "ben.k-2")];

    fn users(text: &str) -> Vec<UserId> {
        parse(text, &MEMBERS).users
    }

    #[test]
    fn members_are_mentioned_once_in_the_order_of_the_text() {
        assert_eq!(users("@ben and @Anna, @BEN!"), [BEN, ANNA]);
        assert_eq!(users("(@anna) @ben's\n@anna"), [ANNA, BEN]);
        assert_eq!(users("@nobody @annabel ben"), []);
        assert_eq!(parse("@ben", &[]), Mentions::default());
    }

    #[test]
    fn a_name_ends_where_its_characters_end() {
        assert_eq!(users("ask @ben."), [BEN]);
        assert_eq!(users("ask @ben..."), [BEN]);
        assert_eq!(users("@ben.k-2."), [UserId(3)]);
        assert_eq!(users("@ben-x @benné"), []);
        assert_eq!(users("mail me@ben or x.@anna"), []);
        assert_eq!(users("@@ben @ ben"), [BEN]);
    }

    #[test]
    fn everyone_is_a_word_of_its_own() {
        assert!(parse("hello @Everyone!", &MEMBERS).everyone);
        assert!(!parse("hello @everyones, everyone", &MEMBERS).everyone);
        assert!(!parse("`@everyone`", &MEMBERS).everyone);
    }

    #[test]
    fn spans_of_code_mention_nobody() {
        assert_eq!(users("`@anna` @ben"), [BEN]);
        assert_eq!(users("``a ` @anna`` @ben"), [BEN]);
        assert_eq!(users("`over\n@anna lines` @ben"), [BEN]);
        assert_eq!(users("an open ` is no code @ben"), [BEN]);
        assert_eq!(users("an open ` ends with its paragraph\n\n@ben `"), [BEN]);
        assert_eq!(users("`` @anna ` @ben"), [ANNA, BEN]);
    }

    #[test]
    fn blocks_of_code_mention_nobody() {
        assert_eq!(users("```\n@anna\n```\n@ben"), [BEN]);
        assert_eq!(users("text\n```rust\n@anna\n\n@anna\n```\n@ben"), [BEN]);
        assert_eq!(users("~~~ `x`\n@anna\n~~~\n@ben"), [BEN]);
        assert_eq!(users("````\n```\n@anna\n````\n@ben"), [BEN], "a shorter fence closes nothing");
        assert_eq!(users("```\n~~~\n@anna\n```\n@ben"), [BEN], "another fence closes nothing");
        assert_eq!(users("```\n``` rust\n@anna\n```\n@ben"), [BEN], "words behind it close nothing");
        assert_eq!(users("``` @anna\n"), [], "open to the end");
        assert_eq!(users("```x``` @ben"), [BEN], "a span, not a block");
        assert_eq!(users("``\n@ben"), [BEN], "two are no fence");
        assert_eq!(users("a `b\n```\n@anna\n```\nc` @ben"), [BEN], "a block ends the paragraph before it");
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[@`~\nabe .\u{e9}👍_-]{0,80}") {
            let mentions = parse(&text, &MEMBERS);
            prop_assert!(mentions.users.len() <= MEMBERS.len());
        }

        #[test]
        fn what_stands_in_code_is_ignored(before in "[a-z \n]{0,20}", inside in "[@a-z .\n]{0,30}", after in "[a-z \n]{0,20}") {
            let text = format!("{before}\n```\n{inside} @anna @everyone\n```\n{after}");
            prop_assert_eq!(parse(&text, &MEMBERS), Mentions::default());
            let line = inside.replace('\n', " ");
            let text = format!("{before} `{line} @anna @everyone` {after}");
            prop_assert_eq!(parse(&text, &MEMBERS), Mentions::default());
        }

        #[test]
        fn what_stands_beside_code_is_found(code in "[a-z@ ]{1,20}") {
            let text = format!("`{code}` @ben\n```\n{code}\n```\n@anna");
            prop_assert_eq!(users(&text), [BEN, ANNA]);
        }
    }
}
