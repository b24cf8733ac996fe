export { FailedPage } from './FailedPage.tsx';
export { NotFoundPage } from './NotFoundPage.tsx';
export { Shell } from './Shell.tsx';
