create table ${{ values.name | replace('-', '_') }} (
  id bigint generated always as identity primary key,
  created_at timestamptz not null default now()
);
