/** Questions that the session asks: the password again, and whether to leave with something not sent. */
import { useEffect, useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { wordsOf } from '../../app/wordsOf';
import { p } from '../../i18n/pages';
import { Button } from '../../ui/Button';
import { ConfirmDialog, Dialog } from '../../ui/Dialog';
import { ErrorLine, PasswordField } from '../../ui/Field';

/** Asks for the password again before something sensitive. */
export function ConfirmPassword() {
  const { session, rest } = useServices();
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const request = session.confirming.value;
  useEffect(() => {
    setPassword('');
    setError(null);
  }, [request]);
  if (!request) return null;
  const confirm = async () => {
    try {
      await rest.confirm(password);
      request.done();
    } catch (failure) {
      setError(wordsOf(failure));
    }
  };
  return (
    <Dialog title={p.value.session.confirmTitle} onClose={request.cancel}>
      <form class="stack" onSubmit={(event) => { event.preventDefault(); void confirm(); }}>
        <p class="soft">{p.value.session.confirmText}</p>
        <PasswordField label={p.value.session.password} value={password} onValue={setPassword} autofocus />
        <ErrorLine text={error} />
        <div class="dialog-foot"><Button look="primary" type="submit" disabled={password === ''}>{p.value.session.confirm}</Button></div>
      </form>
    </Dialog>
  );
}

/** Before a sign-out that would erase what was not sent. */
export function ConfirmLeave() {
  const { leaving, leave } = useServices();
  const what = leaving.value;
  if (!what) return null;
  const words = p.value.session;
  const stay = () => { leaving.value = null; };
  return <ConfirmDialog title={words.leaveTitle} text={words.leaveText(what.messages, what.drafts)} action={words.leave} onConfirm={leave} onClose={stay} />;
}
