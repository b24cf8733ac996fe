import {
  IconCube,
  IconDatabase,
  IconMapPin,
  IconPlugConnected,
  IconShape,
  IconSitemap,
  IconSparkles,
  IconStack2,
  IconTemplate,
  IconUser,
  IconUsersGroup,
  type Icon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useKinds, type Kinds } from '../kinds.ts';

/** The icons of the built-in kinds. */
const icons: Record<string, Icon> = {
  cube: IconCube,
  database: IconDatabase,
  'map-pin': IconMapPin,
  'plug-connected': IconPlugConnected,
  sitemap: IconSitemap,
  sparkles: IconSparkles,
  'stack-2': IconStack2,
  template: IconTemplate,
  user: IconUser,
  'users-group': IconUsersGroup,
};

/** The icons that a configured kind may name come when the first of them is shown. */
const moreIconsQuery = {
  queryKey: ['icons'],
  queryFn: async () => (await import('./more-icons.ts')).moreIcons,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
};

type KindIconProps = { kind: string; size?: string };

/** A kind is told by its icon, never by a colour. */
export function KindIcon(props: KindIconProps) {
  return <KindGlyph {...props} kinds={useKinds()} />;
}

/** The same for lists, which know all kinds. */
export function KindGlyph({ kind, size = '1rem', kinds: { iconOf, titleOf } }: KindIconProps & { kinds: Kinds }) {
  const name = iconOf(kind);
  const Known = name === 'shape' ? IconShape : icons[name];
  if (!Known) return <Other name={name} title={titleOf(kind)} size={size} />;
  return <Known size={size} stroke={1.6} role="img" aria-label={titleOf(kind)} />;
}

/** A name that no icon has gets the neutral shape. */
function Other({ name, title, size }: { name: string; title: string; size: string }) {
  const { data } = useQuery(moreIconsQuery);
  const Glyph = data?.[name] ?? IconShape;
  return <Glyph size={size} stroke={1.6} role="img" aria-label={title} />;
}
