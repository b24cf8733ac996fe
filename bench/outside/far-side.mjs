/**
 * Everything that the plugins of outside systems ask, in a process of its own, so that its work counts for nothing: `node far-side.mjs` prints
 * its address. On `calls` in a line of its input it prints how often it was asked for what since the last time.
 */
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { answerCodeHost } from './code-host.mjs';
import { answerKubernetes } from './kubernetes.mjs';
import { answerMonitoring } from './monitoring.mjs';

const calls = new Map();
const count = (url) => {
  const [, first = '', second = ''] = url.pathname.split('/');
  const what = first === 'clusters' ? `${first} ${url.searchParams.get('watch') === '1' ? 'watch' : 'list'}` : first;
  const name = first === 'github' ? `${what} ${second}` : what;
  calls.set(name, (calls.get(name) ?? 0) + 1);
};

async function parametersOf(url, request) {
  if (request.method !== 'POST') return url.searchParams;
  let text = '';
  for await (const piece of request) text += piece;
  return new URLSearchParams(text);
}

const server = createServer(async (request, response) => {
  try {
    const url = new URL(request.url, `http://${request.headers.host}`);
    count(url);
    const [, first, cluster] = url.pathname.split('/');
    if (first === 'clusters')
      return answerKubernetes(cluster, url.pathname.slice(`/clusters/${cluster}`.length), url, response);
    if (first === 'github')
      return await answerCodeHost(url.origin, url.pathname.slice('/github'.length), request, response);
    const answer = answerMonitoring(url.pathname, await parametersOf(url, request));
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
createInterface({ input: process.stdin })
  .on('line', () => {
    console.log(JSON.stringify(Object.fromEntries(calls)));
    calls.clear();
  })
  .on('close', () => process.exit());
