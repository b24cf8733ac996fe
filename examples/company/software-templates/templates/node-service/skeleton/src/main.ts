import { createServer } from 'node:http';
{%- if values.listensToSailings %}
import { onSailing } from './sailings/events.ts';
{%- endif %}

const server = createServer((request, response) => {
  if (request.url === '/healthz') {
    response.end('ok');
    return;
  }
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ service: '${{ values.name }}' }));
});
{%- if values.listensToSailings %}

onSailing((event) => {
  console.log(`${event.name} ${event.sailingId}`);
});
{%- endif %}

server.listen(Number(process.env.PORT ?? 8080));
