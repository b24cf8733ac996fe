export { AdminPage } from './AdminPage.tsx';
export { default as adminClasses } from './AdminPage.module.css';
export { type Column, Table } from './Table.tsx';
