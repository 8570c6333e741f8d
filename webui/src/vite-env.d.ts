/// <reference types="vite/client" />

declare module 'virtual:icon-sprite' {
  const url: string;
  export default url;
}

/** The version of this web client. */
declare const __VERSION__: string;
