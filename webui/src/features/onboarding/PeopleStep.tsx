import { useState } from 'preact/hooks';
import { useServices } from '../../app/context';
import { t } from '../../i18n';
import { Button } from '../../ui/Button';
import { InviteForm } from './InviteForm';

export function PeopleStep() {
  const { rest } = useServices();
  const [made, setMade] = useState(0);
  return (
    <div class="stack">
      <p class="soft">{t.value.welcome.peopleText}</p>
      <InviteForm onMade={() => setMade((count) => count + 1)} />
      <Button look={made > 0 ? 'primary' : 'normal'} onClick={() => rest.setupDone('people')}>{made > 0 ? t.value.welcome.finish : t.value.welcome.skip}</Button>
    </div>
  );
}
