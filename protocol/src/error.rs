//! How a refusal looks. Codes are stable and closed: clients choose their words by the code.

use serde::{Deserialize, Serialize};

/// Why something was refused or failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
pub enum ErrorCode {
    /// The request does not have the promised form.
    Malformed,
    /// The peer speaks a protocol version that this build does not.
    VersionUnsupported,
    /// Nobody is signed in on this connection.
    SignedOut,
    /// User name and password do not belong together (never says which is wrong).
    CredentialsWrong,
    /// The recovery code is not right or its time is over, or the account is not an owner's (never says which).
    RecoveryCodeWrong,
    /// The action asks for the password again because it is a sensitive one.
    ReauthenticationNeeded,
    /// The claim code is not right.
    ClaimCodeWrong,
    /// The box has an owner already.
    AlreadyClaimed,
    /// The box has no owner yet.
    NotClaimed,
    /// Too many tries or messages; `retryAfter` says how long to wait.
    TooMany,
    /// The role does not allow the action.
    Forbidden,
    /// What was asked for does not exist, or not for this user.
    NotFound,
    /// The address exists, and does not take this kind of request.
    MethodNotAllowed,
    /// The page's address is not one of the box's names.
    HostUnknown,
    /// The request came from another site.
    OriginForeign,
    /// A field has a value that is not allowed; `field` names it.
    FieldInvalid,
    /// The chat message is longer than the limit.
    TextTooLong,
    /// The chat message has no text.
    TextEmpty,
    /// The request is larger than the limit.
    TooLarge,
    /// The user name belongs to somebody.
    UserNameTaken,
    /// A room of that name exists.
    RoomNameTaken,
    /// The room has as many members as a room can have.
    RoomFull,
    /// The call has as many participants as a call can have.
    CallFull,
    /// What the user may do has changed meanwhile.
    RightsChanged,
    /// This browser has no device key yet.
    DeviceUnknown,
    /// The user takes part in the call with another device now.
    CallMoved,
    /// The team has as many rooms, users or invites as it can have.
    LimitReached,
    /// The room is archived: it can be read, not written.
    RoomArchived,
    /// The member may read this room, not write in it.
    ReadOnly,
    /// The chat message was deleted.
    MessageDeleted,
    /// The chat message is somebody else's.
    NotAuthor,
    /// The invite was used.
    InviteUsed,
    /// The invite's time is over.
    InviteExpired,
    /// The invite was taken back.
    InviteRevoked,
    /// The last owner can't be demoted or removed.
    LastOwner,
    /// The box's disk is full: reading goes on, writing resumes when there is space.
    StorageFull,
    /// The box's disk reports errors: reading goes on as far as it can.
    StorageFailing,
    /// The box has too much to do; try again shortly.
    Busy,
    /// Something unexpected inside the box; its log has the details.
    Internal,
}

/// A refusal as a REST answer or inside a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(ts_rs::TS, utoipa::ToSchema))]
#[cfg_attr(feature = "schema", ts(optional_fields))]
pub struct ErrorBody {
    /// What happened.
    pub code: ErrorCode,
    /// One English sentence for logs and scripts; people read the client's own words.
    pub message: String,
    /// Seconds to wait before another try makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The request's field that is not accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Wrong claim codes that still cost no wait: with 0 the next one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tries_left: Option<u32>,
}

impl ErrorBody {
    /// A refusal with its plain sentence.
    pub fn new(code: ErrorCode) -> Self {
        Self { code, message: code.sentence().to_owned(), retry_after: None, field: None, tries_left: None }
    }

    /// The same refusal, naming the field that is not accepted.
    pub fn with_field(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// The same refusal, saying how many tries are left before the first wait.
    pub fn with_tries_left(mut self, tries: u32) -> Self {
        self.tries_left = Some(tries);
        self
    }

    /// The same refusal, saying when to try again.
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl ErrorCode {
    /// One plain English sentence for logs and scripts.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Malformed => "The request does not have the expected form.",
            Self::VersionUnsupported => {
                "This version of the client is not supported; reload to get the current one."
            }
            Self::SignedOut => "Sign in first.",
            Self::CredentialsWrong => "User name or password is not right.",
            Self::RecoveryCodeWrong => {
                "The recovery code is not right or has expired, or this is no owner's account; others ask an owner for a link to a new password."
            }
            Self::ReauthenticationNeeded => "Enter your password again to do this.",
            Self::ClaimCodeWrong => "The claim code is not right.",
            Self::AlreadyClaimed => "This box has an owner already; sign in instead.",
            Self::NotClaimed => "This box has no owner yet; claim it first.",
            Self::TooMany => "Too many tries; wait a little.",
            Self::Forbidden => "You are not allowed to do this; ask an owner.",
            Self::NotFound => "This does not exist, or not for you.",
            Self::MethodNotAllowed => "This address does not take this kind of request.",
            Self::HostUnknown => "This address is not one of the box's names.",
            Self::OriginForeign => "Requests from other sites are refused.",
            Self::FieldInvalid => "A field has a value that is not allowed.",
            Self::TextTooLong => "The message is too long; send it as a file.",
            Self::TextEmpty => "The message has no text.",
            Self::TooLarge => "The request is larger than allowed.",
            Self::UserNameTaken => "This user name is taken; choose another.",
            Self::RoomNameTaken => "A room of this name exists; choose another.",
            Self::RoomFull => "The room is full: a room has four members at most.",
            Self::CallFull => "The call is full: four people at most. Ask someone to leave.",
            Self::RightsChanged => "What you may do has changed; join again.",
            Self::DeviceUnknown => "This browser is not enrolled as a device yet; reload the page.",
            Self::CallMoved => "You are in this call on another device now.",
            Self::LimitReached => "There is no room for another one; remove one first.",
            Self::RoomArchived => "The room is archived: it can be read, not written.",
            Self::ReadOnly => "You may read this room, not write in it.",
            Self::MessageDeleted => "The message was deleted.",
            Self::NotAuthor => "Only its author can do this with a message.",
            Self::InviteUsed => "This invite was used; ask for a new one.",
            Self::InviteExpired => "This invite has expired; ask for a new one.",
            Self::InviteRevoked => "This invite was taken back; ask for a new one.",
            Self::LastOwner => "A team needs an owner; make somebody else one first.",
            Self::StorageFull => "The box's disk is full: nothing was saved. Free some space.",
            Self::StorageFailing => "The box's disk reports errors: nothing was saved.",
            Self::Busy => "The box is busy; try again shortly.",
            Self::Internal => "Something went wrong inside the box; its log has the details.",
        }
    }
}
