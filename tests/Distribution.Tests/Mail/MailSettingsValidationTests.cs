using System.Security.Cryptography;
using Distribution.Common;
using Distribution.Mail;
using Xunit;

namespace Distribution.Tests.Mail;

public sealed class MailSettingsValidationTests
{
    private readonly MailSettings settings = OutgoingSamples.Settings("smtp://127.0.0.1:1025");

    [Fact]
    public void Good_settings_pass()
    {
        Assert.True(new MailSettingsValidation().Validate(null, settings).Succeeded);
        Assert.True(
            new SiteSettingsValidation()
                .Validate(null, new() { PublicUrl = "https://letters.mission.org/base" })
                .Succeeded);
        Assert.True(
            new SiteSettingsValidation().Validate(null, new() { PublicUrl = "http://127.0.0.1:5000" }).Succeeded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("The co-facilitators")]
    [InlineData("a@one.org, b@one.org")]
    [InlineData("letters@")]
    [InlineData("élan@mission.org")]
    [InlineData("Name\r\nBcc: x <letters@mission.org>")]
    public void From_must_be_one_plain_address_with_or_without_a_name(string from)
    {
        settings.From = from;

        AssertNames("Mail:From");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Name <bounces@mission.org>")]
    [InlineData("bounces")]
    public void ReturnPath_must_be_a_bare_address(string returnPath)
    {
        settings.ReturnPath = returnPath;

        AssertNames("Mail:ReturnPath");
    }

    [Fact]
    public void Encryption_must_be_a_known_word()
    {
        settings.Encryption = "tls";

        AssertNames("Mail:Encryption");
    }

    [Fact]
    public void SendGrids_event_keys_are_public_keys_on_P_256_one_or_more_of_them()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        settings.SendGridEventKey = Public(key);
        Assert.True(new MailSettingsValidation().Validate(null, settings).Succeeded);
        settings.SendGridEventKey = $" {Public(key)}  {Public(key)}\n";
        Assert.True(new MailSettingsValidation().Validate(null, settings).Succeeded);

        foreach (
            var wrong in (string[])
                [
                    "x",
                    "eHl6",
                    Public(other),
                    $"{Public(key)} {Public(other)}",
                    Convert.ToBase64String(key.ExportPkcs8PrivateKey()),
                ])
        {
            settings.SendGridEventKey = wrong;
            AssertNames("Mail:SendGridEventKey");
        }

        static string Public(ECDsa key) => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    [Theory]
    [InlineData("http://api.sendgrid.com")]
    [InlineData("api.sendgrid.com")]
    public void The_key_never_travels_in_the_clear(string url)
    {
        settings.Transport = "sendgrid";
        settings.SendGridApiKey = "SG.key";
        settings.SendGridUrl = url;

        AssertNames("Mail:SendGridUrl");
    }

    [Fact]
    public void Times_and_sizes_must_make_sense()
    {
        settings.Timeout = TimeSpan.FromSeconds(-1);
        settings.MaxMessageBytes = -1;

        Assert.Equal([507, 507], MailSettingsValidation.Check(settings).Select(fault => fault.Number));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("letters.mission.org", true)]
    [InlineData("xn--cte-kna.example", true)]
    [InlineData("a name", false)]
    [InlineData("côte.example", false)]
    [InlineData("letters\r\nMAIL FROM:<x>", false)]
    public void The_name_a_machine_greets_with_is_one_of_the_DNS(string name, bool isSound)
    {
        settings.EhloName = name;

        Assert.Equal(
            isSound ? [] : ["Setting Mail:EhloName"],
            MailSettingsValidation.Check(settings).Select(fault => fault.Place));
    }

    [Fact]
    public void Every_fault_is_named_at_once() =>
        Assert.Equal(
            ["Setting Mail:Transport", "Setting Mail:From", "Setting Mail:ReturnPath"],
            MailSettingsValidation.Check(new()).Select(fault => fault.Place));

    [Theory]
    [InlineData("")]
    [InlineData("letters.mission.org")]
    [InlineData("ftp://letters.mission.org")]
    [InlineData("/letters")]
    [InlineData("https://letters.mission.org/?a=b")]
    public void PublicUrl_must_be_a_web_address_in_full(string url)
    {
        var result = new SiteSettingsValidation().Validate(null, new() { PublicUrl = url });

        Assert.True(result.Failed);
        Assert.Contains("PublicUrl", Assert.Single(result.Failures!));
    }

    private void AssertNames(string setting)
    {
        var result = new MailSettingsValidation().Validate(null, settings);
        Assert.True(result.Failed);
        Assert.Contains(setting, Assert.Single(result.Failures!));
    }
}
