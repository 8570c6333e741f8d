/** Hands the services to views. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Services } from './services';

const Context = createContext<Services | null>(null);

export const ServicesProvider = Context.Provider;

export function useServices(): Services {
  const services = useContext(Context);
  if (!services) throw new Error('views are rendered inside ServicesProvider');
  return services;
}
