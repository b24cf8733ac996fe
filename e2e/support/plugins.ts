/** A plugin with a web part, as somebody far from this repository writes it: JSX, and the shared modules left out of the bundle. */
export const quay = (version: string) => ({
  'package.json': JSON.stringify({
    name: 'callboard-plugin-quay',
    version,
    type: 'module',
    files: ['server.js', 'dist'],
    callboard: {
      manifest: 1,
      id: 'quay',
      title: 'Quay',
      description: 'Who lies at the quay.',
      engine: '^1.0.0',
      server: 'server.js',
      web: {
        entry: 'dist/web.js',
        shared: { react: '^19.0.0', '@mantine/core': '^9.0.0', '@callboard/plugin-api/web': '^1.0.0' },
      },
      asks: { catalog: ['read'], store: true, hosts: ['tides.example.com'] },
      configuration: {
        type: 'object',
        properties: { harbour: { type: 'string', title: 'Harbour', minLength: 3 } },
      },
      contributes: {
        pages: [
          { id: 'berths', title: 'Berths', component: 'Berths' },
          { id: 'log', title: 'Harbour log', path: '/harbour-log', view: 'lamp' },
          { id: 'wreck', title: 'Wreck', component: 'Wreck' },
        ],
        navigation: [{ id: 'berths', title: 'Quay berths', page: 'berths', icon: 'anchor' }],
        tabs: [{ id: 'ropes', title: 'Ropes', component: 'Ropes', when: { kind: ['Component'] } }],
        cards: [{ id: 'flag', title: 'Flag', component: 'Flag', when: { kind: ['Component'] } }],
        widgets: [{ id: 'lamp', title: 'Harbour lamp', view: 'lamp' }],
        adminPages: [{ id: 'fees', title: 'Quay fees', component: 'Fees' }],
        views: [{ id: 'lamp', title: 'Harbour lamp', model: 'stat', cacheSeconds: 0 }],
        routes: [{ id: 'ships', title: 'Ships', method: 'GET', path: '/ships' }],
      },
    },
  }),
  'server.js': `import { definePlugin } from '@callboard/plugin-api';
export default definePlugin({
  setup: (host) => ({
    views: { lamp: () => ({ model: 'stat', items: [{ label: 'Lamp', value: 'lit by ${version}', tone: 'good' }] }) },
    routes: { ships: () => ({ body: { ships: ['Aurora', host.configuration.harbour ?? 'Borealis'] } }) },
  }),
});
`,
  'vite.config.mjs': `export default {
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    lib: { entry: 'src/web.jsx', formats: ['es'], fileName: () => 'web.js' },
    rolldownOptions: {
      external: ['react', 'react/jsx-runtime', 'react-dom', '@mantine/core', '@tanstack/react-query', '@callboard/plugin-api/web'],
    },
  },
};
`,
  'src/quay.css': `.quay-ropes { letter-spacing: ${version === '1.0.0' ? 3 : 5}px; }
`,
  'src/web.jsx': `import './quay.css';
import { Button, useMantineTheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useState } from 'react';
import { Link, Status, useApi, useData, useNavigation, usePlugin, useSession, View } from '@callboard/plugin-api/web';

const Pier = createContext('no pier');
const Planks = () => <p>Pier: {useContext(Pier)}</p>;

export function Berths({ path }) {
  const [ropes, setRopes] = useState(0);
  const { version } = usePlugin();
  const session = useSession();
  const { query, go } = useNavigation();
  const theme = useMantineTheme();
  const client = useQueryClient();
  const ships = useData('ships', (api) => api.get('/ships'));
  return (
    <Pier value={'north of ' + theme.primaryColor}>
      <Planks />
      <p>Version ${version} of {version}, for {session?.displayName}, behind: {path || 'nothing'}</p>
      <p>Ships: {ships.data?.ships.join(', ')}</p>
      <p>{client.isFetching() >= 0 ? 'One query client' : 'Two'}</p>
      <Button onClick={() => setRopes(ropes + 1)}>Tie up</Button>
      <p className="quay-ropes">Ropes: {ropes}</p>
      <button type="button" onClick={() => go('?side=lee')}>Lee side</button>
      <p>Side: {query.side ?? 'luff'}</p>
      <Link to="/catalog?kind=api">All APIs</Link>
      <View id="lamp" />
    </Pier>
  );
}
export function Wreck() {
  throw new Error('It ran aground');
}
export const Ropes = ({ entity, entityRef }) => <p>{entity.metadata.name} hangs on {entityRef}</p>;
export function Flag({ entity }) {
  const api = useApi();
  const [answer, setAnswer] = useState('');
  return (
    <div>
      <div style={{ position: 'fixed', inset: 0, zIndex: 99999, background: 'none' }} />
      <Status level="ok" label={'Flies the flag of ' + entity.metadata.name} />
      <button type="button" style={{ position: 'relative', zIndex: 100000 }} onClick={() => api.get('../../catalog/entities').catch((error) => setAnswer(error.message))}>Reach out</button>
      <p>{answer}</p>
    </div>
  );
}
export const Fees = () => <p>Two coins a night</p>;
`,
});

/** A part in a frame of its own: plain JavaScript that imports nothing. */
export const buoy = {
  'package.json': JSON.stringify({
    name: 'callboard-plugin-buoy',
    version: '1.0.0',
    type: 'module',
    files: ['server.js', 'web'],
    callboard: {
      manifest: 1,
      id: 'buoy',
      title: 'Buoy',
      engine: '^1.0.0',
      server: 'server.js',
      web: { entry: 'web/web.js', isolation: 'iframe' },
      contributes: {
        pages: [{ id: 'bell', title: 'Bell', component: 'bell' }],
        routes: [{ id: 'depth', title: 'Depth', method: 'GET', path: '/depth' }],
      },
    },
  }),
  'server.js': `import { definePlugin } from '@callboard/plugin-api';
export default definePlugin({ setup: () => ({ routes: { depth: () => ({ body: { fathoms: 7 } }) } }) });
`,
  'web/bell.css': 'h2 { letter-spacing: 4px; }',
  'web/web.js': `const tries = {
  cookie: () => document.cookie,
  storage: () => localStorage.length,
  parent: () => parent.document.title,
  portal: () => parent.location.href,
};
export async function bell(element, host) {
  const found = Object.entries(tries).map(([name, run]) => {
    try {
      return name + ' ' + (run() || 'empty');
    } catch (error) {
      return name + ' refused';
    }
  });
  const { fathoms } = await host.api.get('/depth');
  const beyond = await host.api.get('../quay/ships').catch((error) => error.message);
  element.innerHTML = '<h2></h2><p></p><p></p><button type="button">To the berths</button>';
  element.children[0].textContent = host.plugin.title + ' rings at ' + fathoms + ' fathoms';
  element.children[1].textContent = found.join(', ');
  element.children[2].textContent = beyond;
  element.children[3].onclick = () => host.go('/plugins/quay/berths');
}
`,
};

/** A view with a button, drawn by the portal. */
export const winch = {
  'package.json': JSON.stringify({
    name: 'callboard-plugin-winch',
    version: '1.0.0',
    type: 'module',
    files: ['server.js'],
    callboard: {
      manifest: 1,
      id: 'winch',
      title: 'Winch',
      engine: '^1.1.0',
      server: 'server.js',
      asks: { store: true },
      contributes: {
        views: [{ id: 'rope', title: 'Rope', model: 'stat' }],
        pages: [{ id: 'rope', title: 'Rope', view: 'rope' }],
        routes: [{ id: 'haul', title: 'Haul in', method: 'POST', path: '/haul/:fathoms' }],
      },
    },
  }),
  'server.js': `import { definePlugin } from '@callboard/plugin-api';
export default definePlugin({ setup: (host) => {
  const out = async () => (await host.store.get('out')) ?? 10;
  const actions = [{ title: 'Haul in', route: 'haul', params: { fathoms: '4' }, confirm: 'Four fathoms come in.' }];
  return {
    views: { rope: async () => ({ model: 'stat', items: [{ label: 'Out', value: (await out()) + ' fathoms' }], actions }) },
    routes: { haul: async ({ params }) => {
      await host.store.set('out', (await out()) - Number(params.fathoms));
      await host.changed('views/rope');
      return { body: null };
    } },
  };
} });
`,
};

export const ferry = (port: number) => ({
  'callboard.plugin.json': JSON.stringify({
    manifest: 1,
    id: 'ferry',
    version: '1.0.0',
    title: 'Ferry',
    engine: '^1.0.0',
    asks: { hosts: [`127.0.0.1:${port}`] },
    contributes: {
      views: [
        {
          id: 'ships',
          title: 'Ships',
          model: 'table',
          cacheSeconds: 0,
          from: {
            url: `http://127.0.0.1:${port}/{name}`,
            jq: '{model: "table", columns: [{id: "ship", title: "Ship"}, {id: "late", title: "Late", type: "duration"}], rows: [.[] | {ship, late: (.late * 60000)}]}',
          },
        },
        {
          id: 'wrecks',
          title: 'Wrecks',
          model: 'stat',
          from: { url: `http://127.0.0.1:${port}/{name}`, jq: '{model: "stat", items: []}' },
        },
      ],
      tabs: [{ id: 'ships', title: 'Ferries', view: 'ships', when: { kind: ['Component'] } }],
      cards: [
        { id: 'ships', title: 'Next ferries', view: 'ships', when: { kind: ['Component'] } },
        { id: 'wrecks', title: 'Wrecks', view: 'wrecks', when: { kind: ['Component'] } },
      ],
    },
  }),
});

/** A host of code that knows names, and nothing else. */
export const codeHost = {
  'package.json': JSON.stringify({
    name: 'callboard-plugin-code',
    version: '1.0.0',
    type: 'module',
    files: ['server.js'],
    callboard: {
      manifest: 1,
      id: 'code',
      title: 'Code',
      engine: '^1.1.0',
      server: 'server.js',
      contributes: { codeHosts: [{ id: 'main', title: 'Our code', does: ['hosts', 'complete'] }] },
    },
  }),
  'server.js': `import { definePlugin } from '@callboard/plugin-api';
const names = { owners: () => ['acme', 'fleet'], repositories: ({ owner }) => [owner + '-pay', owner + '-ship'], branches: ({ repository }) => ['main', repository + '-next'] };
export default definePlugin({ setup: () => ({ codeHosts: { main: {
  owns: ({ url }) => new URL(url).host === 'code.example.com',
  hosts: () => [{ host: 'code.example.com', type: 'gitlab' }],
  readFile: () => null,
  readTree: () => null,
  listRepositories: () => ({ repositories: [] }),
  complete: (asked) => ({ items: names[asked.what](asked).filter((name) => name.includes(asked.search ?? '')).map((value) => ({ value })) }),
} } }) });
`,
};

/** A template that asks for a repository and one of its branches. */
export const launch = `---
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: launch }
spec:
  type: service
  owner: crew
  parameters:
    - title: Where
      properties:
        repoUrl: { type: string, title: Repository, 'ui:field': RepoUrlPicker }
        branch: { type: string, title: Branch, 'ui:field': RepoBranchPicker }
  steps: [{ action: 'debug:log', input: { message: splash } }]
`;
