import { useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { useAction } from '../../app/useAction';
import { p } from '../../i18n/pages';
import { Button } from '../../ui/Button';
import { InviteForm } from './InviteForm';

export function PeopleStep() {
  const { rest } = useServices();
  const run = useAction();
  const [made, setMade] = useState(0);
  return (
    <div class="stack">
      <p class="soft">{p.value.welcome.peopleText}</p>
      <InviteForm onMade={() => setMade((count) => count + 1)} />
      <Button look={made > 0 ? 'primary' : 'normal'} onClick={() => run(() => rest.setupDone('people'))}>{made > 0 ? p.value.welcome.finish : p.value.welcome.skip}</Button>
    </div>
  );
}
