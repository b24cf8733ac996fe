/** The client `jenkins` comes without types: what the tests use of it. */
declare module 'jenkins' {
  export default class Jenkins {
    constructor(options: { baseUrl: string });
    job: {
      get(options: string | { name: string; tree?: string }): Promise<unknown>;
      build(options: string | { name: string; parameters?: Record<string, string> }): Promise<number>;
    };
    build: {
      get(name: string, number: number): Promise<unknown>;
      log(name: string, number: number): Promise<string>;
    };
  }
}
