/** The web client: the browser as a platform, the services, the first screen. */
import './ui/theme.css';
import './ui/kit.css';
import '@preact/signals';
import { render } from 'preact';
import { App } from './app/App';
import { createServices } from './app/services';
import { t } from './i18n';
import { browserPlatform } from './platform/browser';
import { onMissingPart, setRoot } from './platform/page';

const services = createServices(browserPlatform(), setRoot);
void services.start();
onMissingPart(() => services.toasts.show(t.peek().link.needsBox, { look: 'error' }));
const root = document.getElementById('app');
if (root) render(<App services={services} />, root);
