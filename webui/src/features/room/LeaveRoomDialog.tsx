import { t } from '../../i18n';
import { p } from '../../i18n/pages';
import { ConfirmDialog } from '../../ui/Dialog';

interface Props {
  name: string;
  onLeave(): Promise<unknown>;
  onClose(): void;
}

/** Before leaving a room that one can't enter again alone. */
export function LeaveRoomDialog({ name, onLeave, onClose }: Props) {
  const words = p.value.leaveRoom;
  const leave = () => {
    onClose();
    void onLeave();
  };
  return <ConfirmDialog title={words.title(name)} text={words.text} action={t.value.room.leave} onConfirm={leave} onClose={onClose} />;
}
