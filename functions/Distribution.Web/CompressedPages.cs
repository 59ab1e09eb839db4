using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;

namespace Distribution.Web;

/// <summary>
/// Compresses pages that a person or one of our pages asked for. What another site makes a browser ask is sent as it
/// is: who may choose words that a page repeats, and sees how long the compressed page is, guesses what else stands in
/// it (BREACH). A browser that does not say who asked gets it uncompressed too.
/// </summary>
internal static class CompressedPages
{
    private const string AskedBy = "Sec-Fetch-Site";

    public static IServiceCollection AddCompressedPages(this IServiceCollection services) =>
        services
            .AddResponseCompression(options =>
            {
                options.EnableForHttps = true;
                // Only what pages are made of: PDFs, archives and workbooks are compressed in themselves.
                options.MimeTypes = ["text/html", "text/css", "text/javascript", "image/svg+xml"];
                options.Providers.Add<BrotliCompressionProvider>();
                options.Providers.Add<GzipCompressionProvider>();
            })
            // Made anew for each request, so that speed counts for more than the last bytes.
            .Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest)
            .Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);

    public static IApplicationBuilder UseCompressedPages(this IApplicationBuilder app) =>
        app.UseWhen(
            http => (string?)http.Request.Headers[AskedBy] is "same-origin" or "none",
            ours => ours.UseResponseCompression());
}
