import { useCallback, useState } from "react";

/**
 * A picture over what is shown while it loads or when there is none. One that failed before this script ran has had its
 * event already; it is looked at when the page is taken over.
 */
export function Picture({ url, className }: { readonly url: string | null; readonly className: string }) {
  const [failedUrl, setFailedUrl] = useState<string | null>(null);
  const look = useCallback(
    (image: HTMLImageElement | null) => {
      if (image?.complete === true && image.naturalWidth === 0) setFailedUrl(url);
    },
    [url],
  );
  if (url === null || url === failedUrl) return null;
  return (
    <img
      alt=""
      className={className}
      decoding="async"
      key={url}
      loading="lazy"
      onError={() => setFailedUrl(url)}
      ref={look}
      referrerPolicy="no-referrer"
      src={url}
    />
  );
}
