import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { wordsOf } from '../../app/wordsOf';
import { p } from '../../i18n/pages';
import { onLink, takeRecoveryCode } from '../../platform/page';
import { CLAIM_CODE_CHARS, PASSWORD_MIN_CHARS, USER_NAME_BYTES } from '../../protocol/generated/limit';
import { isRefused } from '../../protocol/rest';
import { Button } from '../../ui/Button';
import { ErrorLine, PasswordField, TextField } from '../../ui/Field';
import { Lone } from '../../ui/Lone';
import { useCountdown } from './SignIn';

/** An owner who forgot the password chooses a new one with a code from the box itself. */
export function Recover() {
  const { rest, session, keeper, preferences } = useServices();
  const { route } = useLocation();
  const [values, setValues] = useState(() => ({ code: takeRecoveryCode(), userName: keeper.last.peek()?.userName ?? '', password: '' }));
  const [error, setError] = useState<unknown>(null);
  const [wait, setWait] = useCountdown();
  const words = p.value.recover;
  const set = (key: keyof typeof values) => (value: string) => setValues((old) => ({ ...old, [key]: value }));
  useEffect(
    () =>
      onLink(() => {
        const code = takeRecoveryCode();
        if (code !== '') set('code')(code);
      }),
    [],
  );
  const submit = async (event: Event) => {
    event.preventDefault();
    setError(null);
    try {
      await session.signedIn(await rest.recover(values));
      route('/', true);
    } catch (failure) {
      if (isRefused(failure) && failure.retryAfter !== undefined) setWait(failure.retryAfter);
      setError(failure);
    }
  };
  const isWeak = isRefused(error) && error.field === 'password';
  const said = error === null || isWeak ? null : wordsOf(error);
  const isReady = values.code.replace(/[\s-]/g, '').length >= CLAIM_CODE_CHARS && values.userName.trim() !== '' && values.password.length >= PASSWORD_MIN_CHARS;
  return (
    <Lone title={words.title} onLanguage={preferences.setLanguage}>
      <form class="stack" onSubmit={submit}>
        <p class="soft">{words.text}</p>
        <TextField class="code-input" label={words.code} value={values.code} onValue={set('code')} help={words.codeHelp} autocomplete="one-time-code" autocapitalize="characters" spellcheck={false} maxLength={24} required autofocus={values.code === ''} />
        <TextField label={p.value.session.userName} value={values.userName} onValue={set('userName')} autocomplete="username" autocapitalize="none" spellcheck={false} maxLength={USER_NAME_BYTES} required autofocus={values.code !== ''} />
        <PasswordField isNew label={p.value.join.newPassword} value={values.password} onValue={set('password')} error={isWeak ? p.value.fields.password : undefined} help={p.value.welcome.passwordHelp} required />
        <ErrorLine text={wait > 0 ? p.value.session.waitFor(wait) : said} />
        <div class="row">
          <Button look="primary" type="submit" disabled={wait > 0 || !isReady}>{p.value.join.setPassword}</Button>
          <a class="button quiet" href="/">{p.value.session.signIn}</a>
        </div>
      </form>
    </Lone>
  );
}
