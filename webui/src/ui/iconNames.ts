/** Every icon of the web client, by its name at lucide; the build makes one sprite of them. */
export const iconNames = [
  'archive', 'arrow-down', 'arrow-left', 'at-sign', 'bell-off', 'check', 'check-check', 'chevron-down', 'circle-alert',
  'clock', 'cloud-off', 'code', 'copy', 'ellipsis', 'eye', 'eye-off', 'hard-drive', 'hash', 'history', 'info', 'link',
  'lock', 'log-out', 'mail', 'menu', 'message-circle', 'message-square', 'pencil', 'pin', 'pin-off', 'plus', 'refresh-cw',
  'reply', 'search', 'send', 'settings', 'shield', 'smile-plus', 'trash-2', 'user-plus', 'users', 'wifi-off', 'x', 'zap',
] as const;

export type IconName = (typeof iconNames)[number];
