/** A picture onto one's own device. The store lies on another origin, where `download` alone only opens it. */
export async function save(url: string, name: string): Promise<void> {
  const blob = await fetch(url)
    .then((response) => (response.ok ? response.blob() : null))
    .catch(() => null);
  if (!blob) return void open(url, "_blank", "noopener");
  const local = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = local;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(local), 60_000);
}
