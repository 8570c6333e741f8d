/** The web client: the browser as a platform, the services, the first screen. */
import './ui/theme.css';
import './ui/kit.css';
import '@preact/signals';
import { render } from 'preact';
import { App } from './app/App';
import { createServices } from './app/services';
import { browserPlatform } from './platform/browser';
import { setRoot } from './platform/page';

const services = createServices(browserPlatform(), setRoot);
void services.start();
const root = document.getElementById('app');
if (root) render(<App services={services} />, root);
