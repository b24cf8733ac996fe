import { definePlugin } from '@callboard/plugin-api';
import { createPeople, testDirectories } from './people.ts';
import { createSignIn } from './sign-in.ts';

export default definePlugin({
  setup: (host) => ({
    signIn: { ldap: createSignIn(host) },
    sources: { people: createPeople(host) },
    connections: {
      directories: ({ configuration }, { signal }) => testDirectories(host, configuration, signal),
    },
  }),
});
