import type { ConfigurationReport } from '@callboard/model/http';
import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { AdminPage, adminClasses as classes, type Column, Table } from '../../../core/administration/index.ts';
import { count } from '../../../core/ui/index.ts';
import { configurationQuery } from '../api.ts';
import { valueWords } from '../words.ts';

const settingColumns: Column<ConfigurationReport['items'][number]>[] = [
  {
    label: 'Key',
    className: 'text',
    cell: (item) => (
      <>
        <span className={classes.code}>{item.key}</span>
        <div className={classes.second}>{item.description}</div>
      </>
    ),
  },
  { label: 'Value', cell: (item) => valueWords(item.value), className: 'code' },
  { label: 'Set by', cell: (item) => item.origin, className: 'place' },
  { label: 'Read by', cell: (item) => item.owner, className: 'nowrap' },
];

const unusedColumns: Column<ConfigurationReport['unused'][number]>[] = [
  { label: 'Key', cell: (key) => key.key, className: 'code' },
  { label: 'Where', cell: (key) => `${key.file}:${key.line}`, className: 'code' },
  { label: 'Why', cell: (key) => key.reason },
];

function Unused({ title, keys }: { title: string; keys: ConfigurationReport['unused'] }) {
  if (keys.length === 0) return null;
  return (
    <>
      <h2 className={classes.heading}>{title}</h2>
      <Table label={title} rows={keys} rowKey={(key) => `${key.file}:${key.line} ${key.key}`} columns={unusedColumns} />
    </>
  );
}

/** Every setting with its value, where it was set, and what it means. */
export function ConfigurationPage() {
  const [text, setText] = useState('');
  return (
    <AdminPage
      title="Configuration"
      description="Every setting, its value and where it was set. Secrets are masked."
      query={useQuery(configurationQuery)}
      facts={({ items }) => count(items.filter((item) => item.origin !== 'default').length, 'setting') + ' of your own'}
    >
      {({ file, items, unused }) => {
        const wanted = text.trim().toLowerCase();
        const shown = items.filter((item) =>
          `${item.key} ${item.description} ${item.origin}`.toLowerCase().includes(wanted),
        );
        return (
          <>
            <p className={classes.second} style={{ marginBottom: '0.75rem' }}>
              {file === undefined ? 'No configuration file was read.' : `Read from ${file}`}
            </p>
            <TextInput
              className={classes.filter}
              aria-label="Filter settings"
              placeholder="Filter by key or meaning"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Table label="Settings" rows={shown} rowKey={(item) => item.key} columns={settingColumns} />
            <Unused title="Keys without effect" keys={unused.filter((key) => !key.byPlugins)} />
            <Unused title="Keys that plugins read" keys={unused.filter((key) => key.byPlugins)} />
          </>
        );
      }}
    </AdminPage>
  );
}
