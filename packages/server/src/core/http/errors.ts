import { defineErrors } from '../errors/index.ts';

const seeApi = 'The routes and their parameters are listed at /api/openapi.json.';

/** Everything that can be wrong with a request before a feature sees it, and with listening. */
export const httpErrors = defineErrors('HTTP', {
  invalidRequest: {
    name: 'InputError',
    message: '{message}',
    fix: `Correct the {part} as \`details\` lists it. ${seeApi}`,
  },
  malformedJson: {
    name: 'InputError',
    message: 'The request body is not valid JSON: {reason}',
    fix: 'Send one JSON document in UTF-8, with the header "content-type: application/json".',
  },
  bodyTooDeep: {
    name: 'InputError',
    message: 'The request body is nested deeper than {limit} levels',
    fix: 'Send a flatter JSON document.',
  },
  forbiddenKey: {
    name: 'InputError',
    message: 'The request body has a key that is never accepted (__proto__ or constructor.prototype)',
    fix: 'Rename or remove that key.',
  },
  bodyTooLarge: {
    name: 'PayloadTooLargeError',
    message: 'The request body is larger than {limit} bytes, the most that {url} takes',
    fix: 'Send less at once, for example in several requests.',
  },
  bodyIncomplete: {
    name: 'InputError',
    message: 'The request body does not have the length that its content-length header says',
    fix: 'Send the whole body, or leave content-length to the HTTP client.',
  },
  unsupportedContentType: {
    name: 'InputError',
    status: 415,
    message: "The request body has the content type '{found}', which this route does not read",
    fix: 'Send JSON with the header "content-type: application/json".',
  },
  routeNotFound: {
    name: 'NotFoundError',
    message: 'There is nothing at {method} {url}',
    fix: `Check the address. ${seeApi}`,
  },
  methodNotAllowed: {
    name: 'InputError',
    status: 405,
    message: '{url} does not take {method}; it takes {allowed}',
    fix: 'Use one of the methods in the header "allow".',
  },
  malformedUrl: {
    name: 'InputError',
    message: 'The address {url} is not a valid URL path',
    fix: 'Percent-encode special characters, a literal percent sign as %25.',
  },
  urlTooLong: {
    name: 'InputError',
    status: 414,
    message: 'The address, or one part of its path, is too long: at most {limit} characters',
    fix: 'Send long lists in the body of a POST request where the route has one.',
  },
  headersTooLarge: {
    name: 'InputError',
    status: 431,
    message: 'The request line and headers together are larger than {limit} bytes',
    fix: 'Send fewer or shorter headers, cookies and query parameters.',
  },
  malformedQuery: {
    name: 'InputError',
    message: 'The query has a percent sign that does not begin an escape of UTF-8 text',
    fix: 'Percent-encode the parameters as UTF-8, a literal percent sign as %25.',
  },
  malformedRequest: {
    name: 'InputError',
    message: 'What arrived is not an HTTP/1.1 request: {reason}',
    fix: 'Check that client and proxy speak plain HTTP/1.1 to this port (not HTTPS or HTTP/2).',
  },
  requestTimeout: {
    name: 'InputError',
    status: 408,
    message: 'The request did not arrive completely in time',
    fix: 'Send the request again; check the connection or proxy between client and portal.',
  },
  requestAborted: {
    name: 'InputError',
    message: 'The client closed the connection before the request was complete',
    fix: 'Send the request again.',
  },
  hostNotAllowed: {
    name: 'NotAllowedError',
    message: "This portal listens on this machine only and does not answer to the host name '{host}'",
    fix: 'Open it as {expected}; or set app.baseUrl to the address that people use.',
  },
  crossSite: {
    name: 'NotAllowedError',
    message: "{method} requests from another web site ('{origin}') are refused",
    fix: "Add the site's origin to server.cors.origin if it may change data here.",
  },
  stopping: {
    name: 'ServiceUnavailableError',
    message: 'The portal is stopping',
    fix: 'Send the request again in a few seconds.',
  },
  notReady: {
    name: 'ServiceUnavailableError',
    message: 'The portal is not ready: {reasons}',
    fix: 'Wait until /readyz answers 200; the log says what start-up is doing.',
  },
  internal: {
    name: 'InternalError',
    message: 'Something went wrong in the portal; the request has the id {id}',
    fix: "Find the line with this request id in the portal's log; it has the cause.",
  },
  portTaken: {
    name: 'ConflictError',
    message: 'Port {port} on {host} is taken by another process',
    fix: 'Stop that process, or choose another port with --port (0 lets the system choose one), CALLBOARD_PORT or server.port.',
  },
  portNotPermitted: {
    name: 'NotAllowedError',
    message: 'This user may not listen on port {port} of {host}',
    fix: 'Choose a port above 1023 with --port, CALLBOARD_PORT or server.port.',
  },
  hostUnknown: {
    name: 'InputError',
    message: "Cannot listen on the host '{host}': this machine has no such address ({reason})",
    fix: 'Choose 127.0.0.1 (this machine only), 0.0.0.0 (every interface) or an address of this machine with --host, CALLBOARD_HOST or server.host.',
  },
});
