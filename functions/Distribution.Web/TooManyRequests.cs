namespace Distribution.Web;

/// <summary>
/// What a client that was rate limited reads. The language of its letter is not looked up, because the limit is there
/// to save that work.
/// </summary>
internal static class TooManyRequests
{
    public static readonly SixLanguages Here = new("Wait a minute", [
        (
            "en",
            "Too many requests came from your address or for this link within a minute. Nothing was recorded. Wait a minute, then try again."
        ),
        (
            "fr",
            "Trop de demandes ont été reçues de votre adresse ou pour ce lien en une minute. Rien n’a été enregistré. Attendez une minute, puis réessayez."
        ),
        (
            "es",
            "Se recibieron demasiadas solicitudes de su dirección o para este enlace en un minuto. No se registró nada. Espere un minuto e inténtelo de nuevo."
        ),
        (
            "ru",
            "За одну минуту с вашего адреса или по этой ссылке поступило слишком много запросов. Ничего не записано. Подождите минуту и повторите попытку."
        ),
        ("zh", "一分钟内来自您的地址或针对此链接的请求过多。未作任何记录。请等待一分钟后再试。"),
        (
            "ar",
            "وردت طلبات كثيرة جدًا من عنوانكم أو عبر هذا الرابط في دقيقة واحدة. لم يُسجَّل أي شيء. يرجى الانتظار دقيقة ثم المحاولة مرة أخرى."
        ),
    ]);
}
