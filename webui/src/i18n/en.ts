/** English: the source. Its shape is what French must have. */
const plural = new Intl.PluralRules('en');
const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === 'one' ? one : other}`;

export const en = {
  ui: {
    close: 'Close', cancel: 'Cancel', save: 'Save', retry: 'Try again', undo: 'Undo', copy: 'Copy', copied: 'Copied', notices: 'Notices',
    showPassword: 'Show password', hidePassword: 'Hide password', typeToConfirm: (word: string) => `Type “${word}” to confirm`,
  },
  app: {
    skip: 'Skip to content', sections: 'Sections', roomList: 'Rooms and people', back: 'Back', toRooms: 'Go to your rooms',
    notFound: 'This page does not exist', notFoundText: 'The address leads nowhere. Press Ctrl+K to jump to a room or a person.',
    tagline: 'Your team, on your own box',
  },
  link: {
    looking: 'Looking for the box…', reconnecting: 'Reconnecting… Messages wait and will be sent.', restarting: 'The box restarts. Messages wait and will be sent.',
    offline: (time: string) => `Without the box since ${time}. Messages wait and will be sent.`, slow: (ms: number) => `The box answers slowly (${(ms / 1000).toFixed(1)} s).`,
    tryNow: 'Try now', outdated: 'A new version is ready.', reload: 'Reload', needsBox: 'This needs the box. Try again when it is back.',
    diskFull: 'The disk of the box is full: you can read, but nothing can be saved until there is space.', diskFailing: 'The disk of the box reports errors: you can read, but nothing can be saved.',
    unreachable: 'The box does not answer', unreachableText: 'Check that the box is on and that you are on its network.',
  },
  roles: { owner: 'Owner', member: 'Member', guest: 'Guest' },
  presence: {
    online: 'Online', away: 'Away', do_not_disturb: 'Do not disturb', offline: 'Offline', automatic: 'Online while active', menu: (name: string) => `${name}: presence and sign-out`,
    setText: 'Set a status text…', text: 'Status text', textHelp: 'Others see it beside your name. Leave it empty to show none.',
  },
  session: {
    signIn: 'Sign in', signInTo: (team: string) => `Sign in to ${team}`, userName: 'User name', password: 'Password', forgotten: 'Forgotten?',
    forgottenText: 'Any owner of your team can give you a link to choose a new password: Admin, People, your name. The only owner has nobody to ask, so make a second one, or keep that password safe.',
    signOut: 'Sign out', waitFor: (seconds: number) => `Too many tries. Next one in ${count(seconds, 'second', 'seconds')}.`,
    confirmTitle: 'Your password, please', confirmText: 'This changes who may do what, so the box asks again.', confirm: 'Continue',
    ended: 'Your session has ended', endedText: 'You were signed out from another device, or you were away for a long time. Sign in again to go on.',
    kept: (messages: number, userName: string) => (messages > 0 ? `${count(messages, 'message', 'messages')} of @${userName} ${messages === 1 ? 'is' : 'are'} kept here and sent when @${userName} signs in.` : `What @${userName} began to write is kept here.`),
    leaveTitle: 'Sign out and lose what is not sent?', leave: 'Sign out and erase',
    leaveText: (messages: number, drafts: number) => `Signing out erases what is on this browser: ${[messages > 0 ? count(messages, 'message that was not sent', 'messages that were not sent') : '', drafts > 0 ? count(drafts, 'draft', 'drafts') : ''].filter(Boolean).join(' and ')}.`,
  },
  welcome: {
    step: (step: number, of: number) => `Step ${step} of ${of}`, claimTitle: 'Claim this box', ownerTitle: 'You, the owner', trustTitle: 'Address and trust', peopleTitle: 'Your people',
    codeText: 'Type the one-time code. It proves that the box is yours.', code: 'Claim code', codeHelp: 'It is in the window where the box was started, in its log, and the command mesh-appliance claim-code shows it.',
    takenOver: (time: string) => `Somebody has been setting up this box since ${time}. With the code, you take over.`,
    team: 'Name of your team', yourName: 'Your name', userNameHelp: 'Letters, digits, dot, dash. People mention you by it; it never changes.', passwordHelp: 'At least 10 characters. A few words are good.',
    create: 'Create the team', next: 'Continue', finish: 'Finish', skip: 'Skip this step', peopleText: 'A team has two to four people. Each one gets a link that works once.',
  },
  trust: {
    failed: 'The certificate could not be read.', address: 'The address of your box', otherNames: (names: string) => `It also answers to ${names}`,
    own: 'Own certificate', ownText: 'This box uses the certificate that you configured.', local: 'Certificate made by the box',
    localText: 'Browsers don’t know it yet and warn. Install it once on each device, as a certificate authority, and the warning is gone. It can only vouch for this box and for private addresses.',
    download: 'Download the certificate', fingerprint: 'Fingerprint, to compare with the log of the box:', validUntil: (date: string) => `In use until ${date}, then renewed by itself.`,
    without: 'Without it, chat and calls work; passkeys, installing the app and background notifications don’t.',
  },
  invite: {
    invite: 'Invite somebody', name: 'For whom', role: 'As', guestRole: 'Guest: only the rooms below, for 24 hours', life: 'Link works for', hour: '1 hour', day: '1 day', week: '7 days', rooms: 'Enters these rooms', make: 'Make a link',
    linkFor: (name: string) => (name ? `Link for ${name}` : 'Link'), resetFor: (name: string) => `New password for ${name}`, link: 'Invite link', qr: 'Invite link as a QR code',
    once: (until: string) => `Works once, until ${until}. It is shown only now.`,
  },
  join: {
    loading: 'Invite', title: (name: string) => `${name} invites you`, text: (team: string, role: string, rooms: string) => `To ${team}, as ${role.toLowerCase()}${rooms ? `, into ${rooms}` : ''}.`,
    validUntil: (date: string) => `This link works until ${date}.`, free: 'This user name is free.', taken: 'This user name is taken; choose another.', join: 'Join',
    resetTitle: 'Choose a new password', resetText: (name: string) => `For the user name ${name}. All your devices are signed out.`, newPassword: 'New password', setPassword: 'Set password',
    unknown: 'This link is not one of ours. Check that it is complete, or ask for a new one.', signedInAs: (name: string) => `You are signed in here as ${name}.`, switchUser: 'Sign out and join as somebody else',
    states: {
      open: (name: string) => `${name} waits for you.`, used: (name: string) => `This link was used already. Ask ${name} for a new one.`, expired: (name: string) => `This link has expired. Ask ${name} for a new one.`, revoked: (name: string) => `This link was taken back. Ask ${name} for a new one.`,
    },
  },
  room: {
    rooms: 'Rooms', people: 'People', joinable: 'More rooms', archive: 'Archive', none: 'No room yet. Make one, or ask to be added.', create: 'New room', createAction: 'Create room', name: 'Name', topic: 'Topic', topicHelp: 'What it is about. May stay empty.',
    whoEnters: 'Who may enter', open: 'Everybody in the team', openHelp: 'Members see it and may join while there is a place.', invited: 'Only who is added', invitedHelp: 'Others don’t see it.',
    membersOf: (n: number) => `Members (${n} of 4)`, unread: (n: number, m: number) => `${count(n, 'unread message', 'unread messages')}${m > 0 ? `, ${count(m, 'mention', 'mentions')}` : ''}`, openFailed: 'The conversation could not be opened.',
    you: 'you', reads: 'reads', makeReader: 'May only read', makeWriter: 'May write', removeMember: 'Remove from the room', memberMenu: (name: string) => `Change ${name}`, add: 'Add somebody', addAction: 'Add', full: 'The room is full: a room has four members at most.',
    settings: 'Room settings', archiveAction: 'Archive', unarchive: 'Take out of the archive', archived: 'Room archived', unarchived: 'Room is back', delete: 'Delete room', deleteTitle: (name: string) => `Delete ${name}?`, deleteText: 'The room and everything written in it is gone for good, for everybody.',
    peopleIn: 'People in the room', more: 'More', leave: 'Leave the room', join: 'Join', joinText: (name: string) => `You are not in ${name} yet.`, fullRefusal: 'This room is full: a room has four members at most. Ask somebody to leave, or make another room.',
    gone: 'This room does not exist, or not for you.', notHere: 'This room is not on this device yet. It appears when the box is back.',
  },
  chat: {
    messages: 'Messages', placeholder: (room: string) => `Message ${room}`, send: 'Send', save: 'Save', mention: 'Mention', everyone: 'everyone', reply: 'Reply', edit: 'Edit', delete: 'Delete', react: 'React', more: 'More', copyText: 'Copy text', copyLink: 'Copy link', markUnread: 'Mark unread from here',
    pin: 'Pin', unpin: 'Unpin', pinned: 'Pinned', pins: 'Pinned messages', noPins: 'Nothing is pinned here. Pin a message from its menu.', pinsFailed: 'Pinned messages could not be loaded.', showHistory: 'Former texts', formerTexts: 'Former texts', edited: 'edited', deleted: 'Message deleted', messageDeleted: 'Message deleted',
    code: 'Code', copyCode: 'Copy code', editing: 'Editing your message', replyingTo: (name: string, text: string) => `Reply to ${name}: ${text}`, earlier: 'An earlier message', notFound: 'The message could not be found.', start: (room: string) => (room ? `This is the start of ${room}. Say hello.` : 'This is the start of your conversation. Say hello.'),
    loadFailed: 'Messages could not be loaded.', olderFailed: 'Older messages could not be loaded.', newMessages: (n: number) => count(n, 'new message', 'new messages'), toLatest: (n: number) => (n > 0 ? `Latest · ${n}` : 'Latest'),
    waiting: 'Waiting for the box', sending: 'Sending…', writing: (names: string, n: number) => `${names} ${n === 1 ? 'is' : 'are'} writing…`, seenBy: (names: string) => `Seen by ${names}`, messageBy: (name: string, at: string) => `${name}, ${at}`,
    reactedBy: (emoji: string, n: number, names: string) => `${emoji}, ${n}: ${names}`, archived: 'This room is archived: you can read it.', readOnly: 'You may read this room, not write in it. Ask an owner.', length: (bytes: number, most: number) => `${bytes} of ${most} bytes. Send longer texts as a file.`,
    spoken: (name: string, text: string) => `${name}: ${text}.`, spokenMany: (n: number, room: string) => `${n} new messages${room ? ` in ${room}` : ''}.`,
  },
  notice: {
    created: (by: string, name: string) => `${by} made the room ${name}.`, directStarted: (by: string) => `${by} started this conversation.`, joined: (name: string) => `${name} came in.`, added: (by: string, name: string) => `${by} added ${name}.`, left: (name: string) => `${name} left.`,
    removed: (by: string, name: string) => `${by} removed ${name}.`, archived: (by: string) => `${by} archived the room.`, unarchived: (by: string) => `${by} took the room out of the archive.`, renamed: (by: string, name: string) => `${by} renamed the room to ${name}.`, topic: (by: string, topic: string) => `${by} set the topic: ${topic}`, changed: (by: string) => `${by} changed who may enter.`,
  },
  search: { title: 'Search', label: 'Search messages', where: 'Where', everywhere: 'All my rooms', who: 'By', anybody: 'Anybody', hint: 'Words, in any order. Accents and capitals don’t matter.', failed: 'The search could not be made.', nothing: 'Nothing found. Try fewer words.', results: 'Results', more: 'More results' },
  palette: { title: 'Jump to', placeholder: 'A room, a person, a page, an action…', nothing: 'Nothing fits.', pages: 'Pages', actions: 'Actions', toggleTheme: 'Switch light and dark', otherLanguage: 'Passer en français', shortcuts: 'Keyboard shortcuts' },
  shortcuts: { title: 'Keyboard shortcuts', keys: 'Keys', does: 'Does', palette: 'Jump to a room, a person, a page', sheet: 'This list', regions: 'Next region of the page (with Shift: previous)', rooms: 'Next and previous room', unread: 'Next and previous unread room', search: 'Search messages', drawer: 'Room list', editLast: 'Edit the last message (in an empty composer)', send: 'Send', newLine: 'New line', escape: 'Close, or stop editing' },
  settings: {
    title: 'Settings', profile: 'Profile', security: 'Security', appearance: 'Appearance', accessibility: 'Accessibility', shortcuts: 'Shortcuts', about: 'About', saved: 'Saved', color: 'Colour', colors: ['Red', 'Orange', 'Yellow', 'Green', 'Teal', 'Blue', 'Violet', 'Pink'],
    language: 'Language', theme: 'Theme', themes: { system: 'As the system', light: 'Light', dark: 'Dark' }, density: 'Density', densities: { comfortable: 'Comfortable', compact: 'Compact' }, textSize: 'Text size', enter: 'Enter key', enters: { send: 'Sends; Shift+Enter makes a new line', newline: 'Makes a new line; Ctrl+Enter sends' },
    announce: 'Spoken messages', announceHelp: 'What a screen reader says of new messages.', announces: { all: 'All', mentions: 'Mentions and direct messages', none: 'None' }, motion: 'Less motion', motionHelp: 'No animations, whatever the system says.',
    changePassword: 'Change password', currentPassword: 'Current password', newPassword: 'New password', passwordEnds: 'At least 10 characters. Your other devices are signed out.', passwordChanged: 'Password changed', sessions: 'Where you are signed in', sessionsFailed: 'Your sessions could not be loaded.',
    browser: 'Browser', address: 'Address', lastUse: 'Last use', actions: 'Actions', unknownBrowser: 'Unknown browser', thisOne: 'this one', signOutOthers: 'Sign out everywhere else', version: 'Version', team: 'Team', link: 'Box', linkOnline: (ms: number | null) => (ms === null ? 'connected' : `connected, ${ms} ms`), linkAway: 'not connected',
    licence: 'Mesh is free software under the Apache License 2.0 or the MIT License.', copyDiagnostics: 'Copy these facts',
  },
  admin: {
    title: 'Admin', people: 'People', invites: 'Invites', rooms: 'Rooms', trust: 'Trust', failed: 'The list could not be loaded.', person: 'Person', role: 'Role', lastSeen: 'Last seen', never: 'never', removed: 'removed', personMenu: (name: string) => `Change ${name}`, makeOwner: 'Make owner', makeMember: 'Make member', reset: 'Link for a new password', remove: 'Remove from the team',
    removeTitle: (name: string) => `Remove ${name}?`, removeText: 'They are signed out everywhere at once and leave all rooms. What they wrote stays.', noInvites: 'No invites yet.', for: 'For', anybody: 'anybody', expires: 'Expires', state: 'State', states: { open: 'open', used: 'used', expired: 'expired', revoked: 'revoked' }, resetKind: 'New password', revoke: 'Revoke', room: 'Room', members: 'Members', archived: 'archived',
  },
  fields: { team: 'Choose a name of up to 48 characters.', name: 'Choose a name of up to 48 characters, without invisible ones.', userName: 'Use letters, digits, dot, dash or underscore; begin and end with a letter or digit.', password: 'At least 10 characters, please.' },
  errors: {
    unreachable: 'The box does not answer. Check your network and try again.', malformed: 'The box did not understand that. Reload the page.', version_unsupported: 'This page is of another version. Reload it.', signed_out: 'Sign in first.', credentials_wrong: 'User name or password is not right.', reauthentication_needed: 'Enter your password again to do this.',
    claim_code_wrong: 'This code is not right, or it has expired. Check it and try again.', already_claimed: 'This box has an owner already. Sign in instead.', not_claimed: 'This box has no owner yet.', too_many: 'Too many tries. Wait a little.', forbidden: 'You are not allowed to do this. Ask an owner.', not_found: 'This does not exist, or not for you.',
    host_unknown: 'This address is not one of the box’s names.', origin_foreign: 'Requests from other sites are refused.', field_invalid: 'A field has a value that is not allowed.', text_too_long: 'Too long. Send it as a file.', text_empty: 'There is no text.', too_large: 'This is larger than allowed.', user_name_taken: 'This user name is taken; choose another.',
    room_name_taken: 'A room of this name exists; choose another.', room_full: 'The room is full: a room has four members at most.', limit_reached: 'There is no place for another one. Remove one first.', room_archived: 'The room is archived.', read_only: 'You may read this room, not write in it.', message_deleted: 'The message was deleted.', not_author: 'Only its author can do this.',
    invite_used: 'This invite was used. Ask for a new one.', invite_expired: 'This invite has expired. Ask for a new one.', invite_revoked: 'This invite was taken back. Ask for a new one.', last_owner: 'A team needs an owner. Make somebody else one first.', storage_full: 'The disk of the box is full. Nothing was saved.', storage_failing: 'The disk of the box reports errors. Nothing was saved.', busy: 'The box is busy. Try again shortly.', internal: 'Something went wrong in the box. Its log has the details.',
  },
};
