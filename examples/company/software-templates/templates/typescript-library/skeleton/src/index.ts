/** ${{ values.title }}. */
export const name = '${{ values.name }}';
