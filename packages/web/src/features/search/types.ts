/** What the types of documents are called. */
export const typeLabels: Record<string, string> = {
  'software-catalog': 'Catalog',
  'api-operations': 'API operations',
  techdocs: 'Documentation',
  plugins: 'From plugins',
};
