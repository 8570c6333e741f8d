//! Keeps answers near [`limit::MESSAGE_BYTES`]: a page of long texts becomes a shorter page, not a huge message.

use mesh_protocol::chat::{ChatMessage, HistoryItem, HistoryPage, PageFrom, Revision};
use mesh_protocol::limit;

/// Bytes that one item takes as JSON, close enough for a budget: escapes may double a text.
fn cost(item: &HistoryItem) -> usize {
    match item {
        HistoryItem::Message(message) => message_cost(message),
        HistoryItem::Notice(_) => FRAME,
    }
}

/// What an item takes besides its text.
const FRAME: usize = 250;

fn message_cost(message: &ChatMessage) -> usize {
    let reactions: usize = message.reactions.iter().map(|r| r.emoji.len() + 20 * r.users.len()).sum();
    FRAME + message.text.len() + reactions
}

/// Shortens a page to the byte budget, keeping the items nearest to what was asked for. At least one stays.
pub(super) fn fit_page(mut page: HistoryPage, from: PageFrom) -> HistoryPage {
    let mut total: usize = page.items.iter().map(cost).sum();
    while total > limit::MESSAGE_BYTES && page.items.len() > 1 {
        let drop_first = match from {
            PageFrom::Latest | PageFrom::Before { .. } => true,
            PageFrom::After { .. } => false,
            PageFrom::Around { seq } => {
                let older = page.items.iter().filter(|item| item_seq(item) < seq.0).count();
                older * 2 > page.items.len()
            }
        };
        let dropped = if drop_first {
            page.at_start = false;
            Some(page.items.remove(0))
        } else {
            page.at_end = false;
            page.items.pop()
        };
        total -= dropped.as_ref().map_or(0, cost);
    }
    page
}

fn item_seq(item: &HistoryItem) -> u64 {
    match item {
        HistoryItem::Message(message) => message.seq.0,
        HistoryItem::Notice(notice) => notice.seq.0,
    }
}

/// Keeps the latest pins that fit, and tells how many don't. At least one stays.
pub(super) fn fit_pins(mut messages: Vec<ChatMessage>) -> (Vec<ChatMessage>, Option<u32>) {
    let mut total = 0;
    let fits = messages.iter().take_while(|message| {
        total += message_cost(message);
        total <= limit::MESSAGE_BYTES
    });
    let kept = fits.count().max(1);
    let left_out = u32::try_from(messages.len().saturating_sub(kept)).unwrap_or(u32::MAX);
    messages.truncate(kept);
    (messages, (left_out > 0).then_some(left_out))
}

/// Keeps the newest former texts that fit.
pub(super) fn fit_revisions(mut revisions: Vec<Revision>) -> Vec<Revision> {
    let mut total: usize = revisions.iter().map(|revision| revision.text.len() + 40).sum();
    while total > limit::MESSAGE_BYTES && revisions.len() > 1 {
        total -= revisions.remove(0).text.len() + 40;
    }
    revisions
}

#[cfg(test)]
mod tests {
    use mesh_protocol::id::UserId;
    use mesh_protocol::time::{Seq, UnixMillis};

    use super::*;

    fn page(texts: usize, bytes: usize) -> HistoryPage {
        let item = |seq: usize| {
            HistoryItem::Message(ChatMessage {
                seq: Seq(seq as u64),
                at: UnixMillis(0),
                by: UserId(1),
                text: "x".repeat(bytes),
                reply_to: None,
                mentions: vec![],
                everyone: false,
                edited_at: None,
                deleted: false,
                pinned: false,
                reactions: vec![],
                rev: Seq(seq as u64),
            })
        };
        let last_seq = Seq(texts as u64);
        HistoryPage { items: (1..=texts).map(item).collect(), at_start: true, at_end: true, last_seq }
    }

    fn seqs(page: &HistoryPage) -> Vec<u64> {
        page.items.iter().map(item_seq).collect()
    }

    #[test]
    fn a_page_that_fits_is_left_alone() {
        let small = page(100, 100);
        assert_eq!(fit_page(small.clone(), PageFrom::Latest), small);
    }

    #[test]
    fn long_texts_shorten_the_page_on_the_far_side() {
        let latest = fit_page(page(10, 16_000), PageFrom::Latest);
        assert_eq!(seqs(&latest), [7, 8, 9, 10].map(|seq| seq));
        assert!(!latest.at_start && latest.at_end);
        let after = fit_page(page(10, 16_000), PageFrom::After { seq: Seq(0) });
        assert_eq!(seqs(&after), [1, 2, 3, 4]);
        assert!(after.at_start && !after.at_end);
        let around = fit_page(page(10, 16_000), PageFrom::Around { seq: Seq(6) });
        assert!(seqs(&around).contains(&6) && !around.at_start && !around.at_end);
    }

    #[test]
    fn the_latest_pins_stay_and_the_others_are_counted() {
        let pins = |count, bytes| {
            let message = |item| match item {
                HistoryItem::Message(message) => Some(message),
                HistoryItem::Notice(_) => None,
            };
            page(count, bytes).items.into_iter().rev().filter_map(message).collect::<Vec<_>>()
        };
        assert_eq!(fit_pins(pins(50, 100)), (pins(50, 100), None));
        assert_eq!(fit_pins(vec![]), (vec![], None));
        let (kept, left_out) = fit_pins(pins(50, 16_000));
        assert_eq!(kept.iter().map(|message| message.seq.0).collect::<Vec<_>>(), [50, 49, 48, 47]);
        assert_eq!(left_out, Some(46));
    }

    #[test]
    fn the_newest_revisions_stay() {
        let revisions = (0..10).map(|at| Revision { at: UnixMillis(at), text: "x".repeat(16_000) }).collect();
        let kept = fit_revisions(revisions);
        assert_eq!(kept.iter().map(|revision| revision.at.0).collect::<Vec<_>>(), [6, 7, 8, 9]);
    }
}
