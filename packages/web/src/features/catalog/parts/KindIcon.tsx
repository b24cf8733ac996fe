import {
  IconApi,
  IconBolt,
  IconBook,
  IconBox,
  IconBuilding,
  IconCloud,
  IconCode,
  IconCpu,
  IconCube,
  IconDatabase,
  IconDeviceDesktop,
  IconFileText,
  IconFlask,
  IconKey,
  IconMapPin,
  IconPackage,
  IconPlugConnected,
  IconRocket,
  IconServer,
  IconShape,
  IconShield,
  IconSitemap,
  IconSparkles,
  IconStack2,
  IconTemplate,
  IconTool,
  IconUser,
  IconUsersGroup,
  IconWorld,
  type Icon,
} from '@tabler/icons-react';
import { useKinds } from '../kinds.ts';

/** The icons that a kind may name; a kind with another name gets the neutral shape. */
const icons: Record<string, Icon> = {
  api: IconApi,
  bolt: IconBolt,
  book: IconBook,
  box: IconBox,
  building: IconBuilding,
  cloud: IconCloud,
  code: IconCode,
  cpu: IconCpu,
  cube: IconCube,
  database: IconDatabase,
  'device-desktop': IconDeviceDesktop,
  'file-text': IconFileText,
  flask: IconFlask,
  key: IconKey,
  'map-pin': IconMapPin,
  package: IconPackage,
  'plug-connected': IconPlugConnected,
  rocket: IconRocket,
  server: IconServer,
  shield: IconShield,
  sitemap: IconSitemap,
  sparkles: IconSparkles,
  'stack-2': IconStack2,
  template: IconTemplate,
  tool: IconTool,
  user: IconUser,
  'users-group': IconUsersGroup,
  world: IconWorld,
};

/** A kind is told by its icon, never by a colour. */
export function KindIcon({ kind, size = '1rem' }: { kind: string; size?: string }) {
  const { iconOf, titleOf } = useKinds();
  const Glyph = icons[iconOf(kind)] ?? IconShape;
  return <Glyph size={size} stroke={1.6} role="img" aria-label={titleOf(kind)} />;
}
