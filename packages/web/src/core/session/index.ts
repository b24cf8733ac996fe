export { useStored } from './stored.ts';
