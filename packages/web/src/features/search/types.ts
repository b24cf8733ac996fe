import { IconBook } from '@tabler/icons-react';

/** What the types of documents are called. */
export const typeLabels: Record<string, string> = {
  'software-catalog': 'Catalog',
  'api-operations': 'API operations',
  techdocs: 'Documentation',
  plugins: 'From plugins',
};

/** Signs of those that tell more of an entity; others have that of its kind. */
export const typeIcons: Record<string, typeof IconBook> = { techdocs: IconBook };
