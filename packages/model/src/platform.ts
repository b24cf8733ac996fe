/** The two web globals that browsers and Node.js share; typed here because model is compiled with the types of neither. */
export const { URL: WebUrl, TextEncoder: WebTextEncoder } = globalThis as unknown as {
  URL: { canParse(text: string): boolean };
  TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };
};
