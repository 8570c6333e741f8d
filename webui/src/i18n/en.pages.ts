/** English: the words of what is loaded later. */
import { NAME_CHARS, PASSWORD_MIN_CHARS } from '../protocol/generated/limit';

const plural = new Intl.PluralRules('en');
const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === 'one' ? one : other}`;

export const enPages = {
  session: {
    signIn: 'Sign in', signInTo: (team: string) => `Sign in to ${team}`, userName: 'User name', password: 'Password', forgotten: 'Forgotten?',
    forgottenText: 'Any owner of your team can give you a link to choose a new password: Admin, People, your name.', forgottenOwner: 'The only owner makes a code on the box, with this command. It prints a link that works for 15 minutes.', command: 'Command on the box', haveCode: 'I have a code',
    waitFor: (seconds: number) => `Too many tries. Next one in ${count(seconds, 'second', 'seconds')}.`,
    confirmTitle: 'Your password, please', confirmText: 'This changes who may do what, so the box asks again.', confirm: 'Continue',
    ended: 'Your session has ended', endedText: 'You were signed out from another device, or you were away for a long time. Sign in again to go on.',
    kept: (messages: number, userName: string) => (messages > 0 ? `${count(messages, 'message', 'messages')} of @${userName} ${messages === 1 ? 'is' : 'are'} kept here and sent when @${userName} signs in.` : `What @${userName} began to write is kept here.`),
    leaveTitle: 'Sign out and lose what is not sent?', leave: 'Sign out and erase',
    leaveText: (messages: number, drafts: number) => `Signing out erases what is on this browser: ${[messages > 0 ? count(messages, 'message that was not sent', 'messages that were not sent') : '', drafts > 0 ? count(drafts, 'draft', 'drafts') : ''].filter(Boolean).join(' and ')}.`,
  },
  recover: {
    title: 'A new password for an owner', text: 'With a code from the box, an owner who forgot the password chooses a new one. All their devices are signed out.', code: 'Recovery code', codeHelp: 'On the box, the command mesh-appliance recovery-code shows it.',
  },
  welcome: {
    step: (step: number, of: number) => `Step ${step} of ${of}`, claimTitle: 'Claim this box', ownerTitle: 'You, the owner', trustTitle: 'Address and trust', peopleTitle: 'Your people',
    codeText: 'Type the one-time code. It proves that the box is yours.', code: 'Claim code', codeHelp: 'It is in the window where the box was started, in its log, and the command mesh-appliance claim-code shows it.',
    takenOver: (time: string) => `Somebody has been setting up this box since ${time}. With the code, you take over.`,
    triesLeft: (n: number) => (n > 0 ? `${count(n, 'try', 'tries')} left before a pause.` : 'After another wrong one you have to wait.'),
    team: 'Name of your team', yourName: 'Your name', userNameHelp: 'Letters, digits, dot, dash. People mention you by it; it never changes.', passwordHelp: `At least ${PASSWORD_MIN_CHARS} characters. A few words are good.`,
    create: 'Create the team', next: 'Continue', finish: 'Finish', skip: 'Skip this step', peopleText: 'A team has two to four people. Each one gets a link that works once.',
  },
  trust: {
    failed: 'The certificate could not be read.', address: 'The address of your box', otherNames: (names: string) => `It also answers to ${names}`,
    phone: 'Open it on a phone', qr: 'Address for a phone as a QR code', phonePlain: 'Point the camera of the phone at the code. The page that opens leads to the secure address and has the certificate.', phoneSecure: 'Point the camera of the phone at the code, and sign in there.',
    own: 'Own certificate', ownText: 'This box uses the certificate that you configured.', local: 'Certificate made by the box',
    localText: 'Browsers don’t know it yet and warn. Install it once on each device, as a certificate authority, and the warning is gone. It can only vouch for this box and for private addresses.',
    download: 'Download the certificate', fingerprint: 'Fingerprint, to compare with the log of the box:', validUntil: (date: string) => `In use until ${date}, then renewed by itself.`,
    without: 'Without it, chat works all the same, after the warning of the browser.',
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
  search: { label: 'Search messages', where: 'Where', everywhere: 'All my rooms', who: 'By', anybody: 'Anybody', hint: 'Words, in any order. Accents and capitals don’t matter.', failed: 'The search could not be made.', nothing: 'Nothing found. Try fewer words.', results: 'Results', found: (n: number, more: boolean) => `${count(n, 'result', 'results')}${more ? ', and there are more' : ''}`, more: 'More results' },
  unsent: {
    title: 'Not sent', none: 'Nothing was refused.', goneRoom: 'A room that is gone', discard: 'Discard', sendAnyway: 'Send anyway', old: 'This has waited for more than seven days. The box may have it already.', edit: 'A message of yours was not changed to:', delete: 'A message was not deleted.',
    react: (emoji: string, on: boolean): string => (on ? `The reaction ${emoji} was not added.` : `The reaction ${emoji} was not taken back.`), pin: (on: boolean): string => (on ? 'A message was not pinned.' : 'A message was not unpinned.'),
  },
  leaveRoom: { title: (name: string) => `Leave ${name}?`, text: 'You can’t come back by yourself: somebody in the room, or an owner, has to add you again.' },
  palette: { placeholder: 'A room, a person, a page, an action…', nothing: 'Nothing fits.', pages: 'Pages', actions: 'Actions', toggleTheme: 'Switch light and dark', otherLanguage: 'Passer en français', shortcuts: 'Keyboard shortcuts' },
  shortcuts: {
    title: 'Keyboard shortcuts', keys: 'Keys', does: 'Does', everywhere: 'Everywhere', inList: 'While a message has the focus', writing: 'While you write', change: 'Change', changeThem: 'Change shortcuts', actions: 'Actions',
    names: {
      palette: 'Jump to a room, a person, a page', sheet: 'List of shortcuts', search: 'Search messages', drawer: 'Room list', roomNext: 'Next room', roomPrevious: 'Previous room', unreadNext: 'Next unread room', unreadPrevious: 'Previous unread room',
      regionNext: 'Next region of the page', regionPrevious: 'Previous region of the page', reply: 'Reply', edit: 'Edit your message', react: 'React', move: 'Next and previous message', menu: 'What can be done with it', editLast: 'Edit the last message (in an empty composer)', send: 'Send', newLine: 'New line', escape: 'Close, or stop editing',
    },
    changeOf: (name: string) => `Change the keys of “${name}”`, resetOf: (name: string) => `Standard keys for “${name}”`, resetAll: 'Standard keys for all', press: 'Press the new keys. Esc keeps the old ones.', set: (name: string, keys: string) => `${name}: ${keys}`,
    taken: (keys: string, name: string) => `${keys} is for “${name}” already. Press others, or change those first.`, browser: (keys: string) => `${keys} belongs to the browser. Press others.`, altGr: 'Ctrl and Alt together type letters on many keyboards. Press others.',
    fixed: (keys: string) => `${keys} has a meaning everywhere, which stays. Press others.`, bare: (keys: string) => `${keys} alone is for typing. Add Ctrl or Alt.`, letters: 'Single keys', lettersHelp: 'Keys without Ctrl or Alt, such as R to reply, work on the message that has the focus. Switch them off if speech or a slip could press them.',
  },
  settings: {
    profile: 'Profile', security: 'Security', appearance: 'Appearance', accessibility: 'Accessibility', shortcuts: 'Shortcuts', about: 'About', saved: 'Saved', color: 'Colour', colors: ['Red', 'Orange', 'Yellow', 'Green', 'Teal', 'Blue', 'Violet', 'Pink'],
    language: 'Language', theme: 'Theme', themes: { system: 'As the system', light: 'Light', dark: 'Dark' }, density: 'Density', densities: { comfortable: 'Comfortable', compact: 'Compact' }, textSize: 'Text size', enter: 'Enter key', enters: { send: 'Sends; Shift+Enter makes a new line', newline: 'Makes a new line; Ctrl+Enter sends' },
    announce: 'Spoken messages', announceHelp: 'What a screen reader says of new messages.', announces: { all: 'All', mentions: 'Mentions and direct messages', none: 'None' }, motion: 'Less motion', motionHelp: 'No animations, whatever the system says.',
    changePassword: 'Change password', currentPassword: 'Current password', newPassword: 'New password', passwordEnds: `At least ${PASSWORD_MIN_CHARS} characters. Your other devices are signed out.`, passwordChanged: 'Password changed', sessions: 'Where you are signed in', sessionsFailed: 'Your sessions could not be loaded.',
    browser: 'Browser', address: 'Address', lastUse: 'Last use', actions: 'Actions', unknownBrowser: 'Unknown browser', thisOne: 'this one', signOutOthers: 'Sign out everywhere else', version: 'Version', team: 'Team', link: 'Box', linkOnline: (ms: number | null) => (ms === null ? 'connected' : `connected, ${ms} ms`), linkAway: 'not connected',
    licence: 'Mesh is free software under the Apache License 2.0 or the MIT License.', copyDiagnostics: 'Copy these facts',
  },
  admin: {
    people: 'People', invites: 'Invites', rooms: 'Rooms', trust: 'Trust', failed: 'The list could not be loaded.', person: 'Person', role: 'Role', lastSeen: 'Last seen', never: 'never', removed: 'removed', accessExpired: 'expired', personMenu: (name: string) => `Change ${name}`, makeOwner: 'Make owner', makeMember: 'Make member', reset: 'Link for a new password', remove: 'Remove from the team',
    removeTitle: (name: string) => `Remove ${name}?`, removeText: 'They are signed out everywhere at once and leave all rooms. What they wrote stays.', noInvites: 'No invites yet.', for: 'For', anybody: 'anybody', expires: 'Expires', state: 'State', states: { open: 'open', used: 'used', expired: 'expired', revoked: 'revoked' }, resetKind: 'New password', revoke: 'Revoke', room: 'Room', members: 'Members', archived: 'archived',
  },
  fields: { team: `Choose a name of up to ${NAME_CHARS} characters.`, name: `Choose a name of up to ${NAME_CHARS} characters, without invisible ones.`, userName: 'Use letters, digits, dot, dash or underscore; begin and end with a letter or digit.', password: `At least ${PASSWORD_MIN_CHARS} characters, please.` },
};
