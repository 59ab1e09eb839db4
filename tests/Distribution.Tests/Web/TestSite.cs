using System.Collections.Concurrent;
using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Local;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>The pages over a house's storage, served on loopback to the person at this machine.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly SocketsHttpHandler handler = new()
    {
        AllowAutoRedirect = false,
        // On a busy machine the answer to "Expect: 100-continue" takes longer than the second a client waits by
        // default.
        Expect100ContinueTimeout = TimeSpan.FromMinutes(1),
    };

    private readonly HttpClient browser;
    private readonly LogLines log;

    private TestSite(WebApplication app, LogLines log)
    {
        (this.app, this.log) = (app, log);
        browser = new(handler) { BaseAddress = new(app.Urls.Single()) };
    }

    public const string PersonWithRoles = "amélie@secretariat.example";

    public static Task<TestSite> Open(TestWorkflow workflow, LogLevel least = LogLevel.Error) =>
        Open(workflow.Configuration, workflow.Clock, least);

    /// <summary>The pages for a person signed in elsewhere, with these roles.</summary>
    public static Task<TestSite> Open(
        TestWorkflow workflow,
        IReadOnlyList<string> roles,
        string person = PersonWithRoles) =>
        Open(workflow.Configuration, workflow.Clock, LogLevel.Error, new(person, roles));

    /// <summary>The pages over a storage account that is reached through this.</summary>
    public static Task<TestSite> Open(TestWorkflow workflow, Azure.Core.Pipeline.HttpPipelinePolicy storage) =>
        Open(workflow.Configuration, workflow.Clock, storage: storage);

    /// <param name="least">The least that its log is to hold.</param>
    /// <param name="person">Who is signed in; null for the person at this machine.</param>
    /// <param name="storage">What its requests to storage pass through; null for nothing.</param>
    public static async Task<TestSite> Open(
        IConfiguration configuration,
        TimeProvider clock,
        LogLevel least = LogLevel.Error,
        PersonSignedIn? person = null,
        Azure.Core.Pipeline.HttpPipelinePolicy? storage = null)
    {
        // Nobody changes its settings files, so that nothing need watch them.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        var log = new LogLines(least);
        builder.Logging.ClearProviders().SetMinimumLevel(least).AddProvider(log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddConfiguration(configuration);
        builder.Services.AddSingleton(clock).AddDistribution(builder.Configuration).AddDistributionWeb();
        if (person is null)
            builder.Services.AddLocalSignIn();
        else
            builder
                .Services.AddSingleton(person)
                .AddAuthentication("Test")
                .AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, SignIn>("Test", null);
        // Given as it is, so that the site does not dispose of it.
        if (configuration["Typesetting:Folder"] is null)
            builder.Services.AddSingleton(TypesetterFixture.Shared);
        if (configuration[ResourceNames.Storage] is { } connection
            && StorageOnFirstUse.After(connection, storage) is { Length: > 0 } policies)
            builder.Services.AddSingleton(StorageAccount.FromConnectionString(connection, policies));
        var app = builder.Build();
        app.UseDistributionWeb();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, log);
    }

    public IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    /// <summary>Where it is served.</summary>
    public Uri Address => browser.BaseAddress!;

    public CookieContainer Cookies => handler.CookieContainer;

    public IReadOnlyCollection<string> Log => log.Lines;

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <param name="host">What the browser calls the site; a name that is not this machine's is not signed in.</param>
    public Task<HttpResponseMessage> Send(
        HttpMethod method,
        string path,
        IEnumerable<KeyValuePair<string, string>>? form = null,
        string? host = null,
        params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path)
        {
            Content = form is null ? null : new FormUrlEncodedContent(form),
        };
        request.Headers.Host = host;
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return browser.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> Send(string path, HttpContent content) =>
        browser.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = content },
            TestContext.Current.CancellationToken);

    /// <summary>Puts these bytes there, as a script of a page does.</summary>
    public Task<HttpResponseMessage> Put(string path, ReadOnlyMemory<byte> body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new ReadOnlyMemoryContent(body) };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return browser.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> Get(string path) => Send(HttpMethod.Get, path);

    public Task<HttpResponseMessage> Post(string path, params (string Name, string Value)[] fields) =>
        Send(HttpMethod.Post, path, fields.ToDictionary(field => field.Name, field => field.Value));

    /// <summary>Posts these bytes as they are, as another program does: nobody is signed in.</summary>
    public Task<HttpResponseMessage> Deliver(string path, byte[] body, params (string Name, string Value)[] headers) =>
        Deliver(path, body, "application/json", headers);

    /// <inheritdoc cref="Deliver(string, byte[], ValueTuple{string, string}[])"/>
    public Task<HttpResponseMessage> Deliver(
        string path,
        byte[] body,
        string type,
        (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.Host = "letters.example";
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return browser.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<IHtmlDocument> Page(string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        var answer = await Get(path);
        Assert.Equal(status, answer.StatusCode);
        return await Read(answer);
    }

    public static async Task<IHtmlDocument> Read(HttpResponseMessage answer)
    {
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        return new HtmlParser().ParseDocument(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Presses the one button of this name, as it stands on the page now.</summary>
    /// <returns>The page the press leads to.</returns>
    public async Task<IHtmlDocument> Press(string page, string button) => await Press(await Page(page), button);

    public async Task<IHtmlDocument> Press(IHtmlDocument page, string button)
    {
        var pressed = page.QuerySelectorAll("button")
            .OfType<IHtmlButtonElement>()
            .Single(found => Words(found.TextContent) == button);
        var form = pressed.Form!;
        var answer = await Send(
            HttpMethod.Post,
            pressed.GetAttribute("formaction") ?? form.GetAttribute("action")!,
            form.QuerySelectorAll("input")
                .OfType<IHtmlInputElement>()
                .Where(input => input.Type != "checkbox" || input.IsChecked)
                .Select(input => KeyValuePair.Create(input.Name!, input.Value))
                .Concat(pressed.GetAttribute("name") is { } name ? [KeyValuePair.Create(name, pressed.GetAttribute("value") ?? "")] : []));
        // A form that lacks something is shown again.
        if (answer.StatusCode == HttpStatusCode.UnprocessableEntity)
            return await Read(answer);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return await Page(answer.Headers.Location!.ToString());
    }

    /// <summary>The page's words as a reader takes them in.</summary>
    public static string Words(IHtmlDocument page) => Words(page.QuerySelector("main")!.TextContent);

    public static string Words(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        handler.Dispose();
        await app.DisposeAsync();
    }

    /// <summary>A token that forms are accepted with, from what the pages would give out.</summary>
    public async Task<(string Name, string Value)> Token()
    {
        using var scope = app.Services.CreateScope();
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext { RequestServices = scope.ServiceProvider };
        if ((
                await Microsoft.AspNetCore.Authentication.AuthenticationHttpContextExtensions.AuthenticateAsync(context)
            ).Principal is
            { } principal)
            context.User = principal;
        // A browser keeps its cookie, so that several pages of it are good at once.
        lock (Cookies)
        {
            if (Cookies.GetAllCookies().FirstOrDefault(cookie => cookie.Name == FormCookie.OnThisMachine) is { } known)
                context.Request.Headers.Cookie = $"{known.Name}={known.Value}";
            var tokens = scope
                .ServiceProvider.GetRequiredService<Microsoft.AspNetCore.Antiforgery.IAntiforgery>()
                .GetTokens(context);
            if (tokens.CookieToken is { } made)
                Cookies.Add(new Cookie(FormCookie.OnThisMachine, made, "/", "127.0.0.1"));
            return (tokens.FormFieldName, tokens.RequestToken!);
        }
    }

    internal sealed record PersonSignedIn(string Name, IReadOnlyList<string> Roles);

    private sealed class SignIn(
        PersonSignedIn person,
        Microsoft.Extensions.Options.IOptionsMonitor<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions> options,
        ILoggerFactory loggers,
        System.Text.Encodings.Web.UrlEncoder encoder)
        : Microsoft.AspNetCore.Authentication.AuthenticationHandler<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions>(
            options,
            loggers,
            encoder)
    {
        protected override Task<Microsoft.AspNetCore.Authentication.AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(
                Microsoft.AspNetCore.Authentication.AuthenticateResult.Success(
                    new(
                        new(
                            new System.Security.Claims.ClaimsIdentity(
                                [
                                    new(System.Security.Claims.ClaimTypes.Name, person.Name),
                                    .. person.Roles.Select(role => new System.Security.Claims.Claim(
                                        System.Security.Claims.ClaimTypes.Role,
                                        role)),
                                ],
                                "Test")),
                        "Test")));
    }

    private sealed class LogLines(LogLevel least) : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Lines.Enqueue(formatter(state, exception) + (least < LogLevel.Error ? exception?.ToString() : ""));
        }

        public void Dispose()
        {
        }
    }
}
