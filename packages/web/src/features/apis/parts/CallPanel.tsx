import type { ApiCall, ApiOperation } from '@callboard/model';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useMay } from '../../../core/session/index.ts';
import { ErrorState, grouped, Status } from '../../../core/ui/index.ts';
import { tryOut, type Overview } from '../api.ts';
import { curlOf, parameterKey, requestOf, startFilling } from '../curl.ts';
import classes from './CallPanel.module.css';
import { CodeBlock, languageOfText } from './CodeBlock.tsx';

type CallPanelProps = { entityRef: string; operation: ApiOperation & { call: ApiCall }; overview: Overview };

/** The call as a line for a shell; where the portal may, it can be sent from here. */
export function CallPanel({ entityRef, operation, overview }: CallPanelProps) {
  const { call } = operation;
  const servers = call.servers.length > 0 ? call.servers : ['https://server.example.org'];
  const [server, setServer] = useState(servers[0]!);
  const [filling, setFilling] = useState(() => startFilling(call));
  const [open, setOpen] = useState(false);
  const [credential, setCredential] = useState('');
  const { url, headers } = requestOf(operation, server, filling, overview.security);
  const filled = headers.map(([name, value]): [string, string] => [
    name,
    credential === '' ? value : value.replace(/<[^>]+>$/, credential),
  ]);
  const body = call.method === 'GET' || call.method === 'HEAD' ? undefined : filling.body;
  const { allowed } = useMay('apis.operation.try', entityRef);
  const mayTry = allowed && overview.tryItOut.includes(server);
  return (
    <section className={classes.panel} aria-label="Call it">
      {servers.length > 1 ? (
        <label className={classes.server}>
          <span>Server</span>
          <select value={server} onChange={(event) => setServer(event.currentTarget.value)}>
            {servers.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      ) : null}
      <CodeBlock
        title="curl"
        label="curl"
        text={curlOf(call.method, url, filled, body)}
        language="shell"
        aside={
          mayTry ? (
            <button type="button" className={classes.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
              Try it out
            </button>
          ) : undefined
        }
      />
      {open && mayTry ? (
        <Try
          entityRef={entityRef}
          id={operation.id}
          url={url}
          headers={filled}
          body={body}
          hasCredential={headers.some(([, value]) => /<[^>]+>$/.test(value))}
          credential={credential}
          onCredential={setCredential}
        >
          {call.parameters.map((parameter) => (
            <Input
              key={parameterKey(parameter)}
              label={parameter.name}
              note={`${parameter.in}${parameter.required ? ', required' : ''}`}
              value={filling.parameters[parameterKey(parameter)] ?? ''}
              onChange={(value) =>
                setFilling({ ...filling, parameters: { ...filling.parameters, [parameterKey(parameter)]: value } })
              }
            />
          ))}
          {call.body && body !== undefined ? (
            <label className={classes.input}>
              <span>
                Body <small>{call.body.mediaType}</small>
              </span>
              <textarea
                rows={8}
                spellCheck={false}
                value={filling.body ?? ''}
                onChange={(event) => setFilling({ ...filling, body: event.currentTarget.value })}
              />
            </label>
          ) : null}
        </Try>
      ) : null}
    </section>
  );
}

type InputProps = { label: string; note: string; value: string; onChange: (value: string) => void; secret?: boolean };

function Input({ label, note, value, onChange, secret = false }: InputProps) {
  return (
    <label className={classes.input}>
      <span>
        {label} <small>{note}</small>
      </span>
      <input
        type={secret ? 'password' : 'text'}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}

type TryProps = {
  entityRef: string;
  id: string;
  url: string;
  headers: [string, string][];
  body: string | undefined;
  hasCredential: boolean;
  credential: string;
  onCredential: (value: string) => void;
  children: React.ReactNode;
};

function Try({ entityRef, id, url, headers, body, hasCredential, credential, onCredential, children }: TryProps) {
  const heading = useId();
  const send = useMutation({
    mutationFn: () =>
      tryOut(entityRef, id, {
        url,
        // A placeholder is no credential.
        headers: Object.fromEntries(headers.filter(([, value]) => !/<[^>]+>$/.test(value))),
        ...(body === undefined || body === '' ? {} : { body }),
      }),
  });
  const answer = send.data;
  return (
    <form
      className={classes.form}
      aria-labelledby={heading}
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <p id={heading} className={classes.note}>
        The portal makes the call. It does what it says: a change is a change.
      </p>
      {hasCredential ? (
        <Input label="Credential" note="sent once, not kept" value={credential} onChange={onCredential} secret />
      ) : null}
      {children}
      <Button type="submit" size="xs" loading={send.isPending}>
        Send
      </Button>
      {send.error ? <ErrorState error={send.error} what="The call was not made or got no answer" /> : null}
      {answer ? (
        <div role="status" className={classes.answer}>
          <Status
            level={answer.status < 400 ? 'ok' : answer.status < 500 ? 'warning' : 'failing'}
            label={`${answer.status} in ${answer.milliseconds} ms, ${grouped(answer.bytes)} bytes`}
          />
          {answer.isText ? (
            <CodeBlock
              title={answer.isCut ? 'The beginning of the answer' : 'Answer'}
              label="Answer"
              text={pretty(answer.body)}
              language={languageOfText(answer.body)}
            />
          ) : (
            <p className={classes.note}>The answer is not text.</p>
          )}
        </div>
      ) : null}
    </form>
  );
}

const pretty = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};
